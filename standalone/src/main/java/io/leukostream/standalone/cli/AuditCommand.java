package io.leukostream.standalone.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.leukostream.schemas.Topic;
import io.leukostream.standalone.audit.AuditLog;
import io.leukostream.standalone.audit.ChainCheck;
import io.leukostream.standalone.audit.Finding;
import io.leukostream.standalone.audit.FoundRecord;
import io.leukostream.standalone.audit.Head;
import io.leukostream.standalone.audit.HeadFile;
import io.leukostream.standalone.audit.Link;
import io.leukostream.standalone.audit.PublicKeys;
import io.leukostream.standalone.audit.VerifiedChain;
import io.leukostream.standalone.client.Endpoints;
import io.leukostream.standalone.client.ResultsClient;
import io.leukostream.standalone.client.Unreachable;
import io.leukostream.standalone.supervisor.Component;
import io.leukostream.standalone.supervisor.Deployment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Proves the audit. */
@Command(
        name = "audit",
        mixinStandardHelpOptions = true,
        description = {
            "Proves a patient's audit by walking over the topic, independently of the services: every number, hash and"
                    + " signature, and heads that were kept elsewhere. Without PATIENT it proves all of them.",
            "Exit status 1 if something was changed behind the services' back; the place is named."
        })
public final class AuditCommand implements Callable<Integer> {
    @Parameters(
            arity = "0..1",
            paramLabel = "PATIENT",
            description = "The identifier as it was submitted, or the code P-….")
    private @Nullable String patient;

    @Option(
            names = "--heads",
            paramLabel = "FILE",
            description = "Write the heads of the chains that are sound into FILE; keep it where nobody who can write"
                    + " the topic can write.")
    private @Nullable Path heads;

    @Option(
            names = "--against",
            paramLabel = "FILE",
            description = "Demand that the chains contain the heads of a FILE that --heads wrote; only so a cut end is"
                    + " found.")
    private @Nullable Path against;

    @Option(
            names = "--key",
            paramLabel = "FILE",
            description = "The site's public key, several in one file where it was changed; by default the one of the"
                    + " data folder.",
            defaultValue = "${env:LEUKOSTREAM_AUDIT_KEY}")
    private @Nullable Path key;

    @Mixin
    private DataOption data;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Override
    public Integer call() throws IOException, Unreachable, InterruptedException {
        Deployment running = data.running();
        Path keyFile = key != null && !key.toString().isEmpty()
                ? key
                : running.folder(Component.RESULTS).resolve("audit-key.pub.pem");
        ChainCheck check = new ChainCheck(PublicKeys.of(Files.readString(keyFile)));
        List<Head> kept = against == null ? List.of() : HeadFile.read(against);
        Map<String, List<FoundRecord>> records = new AuditLog(running.bootstrapServers(), running.registryUrl()).read();
        Set<String> patientIds = new TreeSet<>();
        if (patient == null) {
            patientIds.addAll(records.keySet());
            kept.forEach(head -> patientIds.add(head.patientId()));
        } else {
            Optional<String> patientId = patientId(running, patient);
            if (patientId.isEmpty()) {
                System.err.println("No audit: the patient is not known.");
                return ExitCode.FAILED;
            }
            patientIds.add(patientId.orElseThrow());
        }
        List<VerifiedChain> chains = patientIds.stream()
                .map(id -> check.check(id, records.getOrDefault(id, List.of()), kept))
                .toList();
        if (heads != null) {
            HeadFile.write(heads, heads(chains));
        }
        if (json) {
            System.out.println(new ObjectMapper()
                    .writeValueAsString(
                            patient == null
                                    ? chains.stream().map(AuditCommand::json).toList()
                                    : json(chains.getFirst())));
        } else {
            chains.forEach(chain -> print(chain, patient != null));
            System.out.println(summary(chains));
        }
        return chains.stream().allMatch(VerifiedChain::isSound) && (patient == null || !isEmpty(chains.getFirst()))
                ? ExitCode.OK
                : ExitCode.FAILED;
    }

    private static boolean isEmpty(VerifiedChain chain) {
        return chain.links().isEmpty();
    }

    private static Optional<String> patientId(Deployment running, String patient)
            throws Unreachable, InterruptedException {
        try (ResultsClient results = new ResultsClient(Endpoints.local(running.portBase()))) {
            return results.patientId(patient);
        }
    }

    private static List<Head> heads(List<VerifiedChain> chains) {
        List<Head> heads = new ArrayList<>();
        for (VerifiedChain chain : chains) {
            Link newest = chain.newest();
            if (chain.isSound() && newest != null) {
                heads.add(newest.head());
            }
        }
        return heads;
    }

    private static void print(VerifiedChain chain, boolean inFull) {
        if (inFull) {
            System.out.println(
                    "Patient " + chain.patientId() + ", " + chain.links().size() + " links");
            chain.links().forEach(link -> System.out.println(LinkText.of(link)));
        }
        for (Finding finding : chain.findings()) {
            System.out.println("CHANGED " + chain.patientId() + " link " + finding.number() + ", " + place(finding)
                    + ": " + finding.check() + ": " + finding.words());
        }
    }

    private static String place(Finding finding) {
        return finding.offset() == null
                ? "in no record"
                : Topic.PATIENT_AUDIT.topicName() + " partition " + finding.partition() + " offset " + finding.offset();
    }

    private static String summary(List<VerifiedChain> chains) {
        int links = chains.stream().mapToInt(chain -> chain.links().size()).sum();
        long changed = chains.stream().filter(chain -> !chain.isSound()).count();
        if (links == 0 && changed == 0) {
            return "There is no audit yet.";
        }
        String unsigned = chains.stream().mapToInt(VerifiedChain::unsigned).sum() == 0
                ? ""
                : " Links from before signing are vouched for by the first signature after them.";
        return changed == 0
                ? links + (links == 1 ? " link" : " links") + " of " + chains.size()
                        + (chains.size() == 1 ? " patient" : " patients")
                        + ": every number, hash and signature is right." + unsigned
                : changed + " of " + chains.size()
                        + (chains.size() == 1 ? " patient's audit was" : " patients' audits were")
                        + " changed behind the services' back.";
    }

    private static Map<String, @Nullable Object> json(VerifiedChain chain) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        Link newest = chain.newest();
        json.put("patientId", chain.patientId());
        json.put("sound", chain.isSound());
        json.put("links", chain.links().size());
        json.put("unsigned", chain.unsigned());
        json.put("head", newest == null ? null : newest.head());
        json.put("findings", chain.findings());
        return json;
    }
}
