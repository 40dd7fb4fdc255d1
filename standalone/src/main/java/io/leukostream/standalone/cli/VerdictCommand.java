package io.leukostream.standalone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.leukostream.standalone.client.ResultsClient;
import io.leukostream.standalone.client.Unreachable;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Prints a patient's verdict. */
@Command(
        name = "verdict",
        mixinStandardHelpOptions = true,
        description = "Prints a patient's verdict. Exit status 1 if there is no such patient, 4 if nothing answers.")
public final class VerdictCommand implements Callable<Integer> {
    @Parameters(paramLabel = "PATIENT", description = "The identifier as it was submitted, or the code P-….")
    private String patient;

    @Mixin
    private SystemOptions system;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Override
    public Integer call() throws IOException, Unreachable, InterruptedException {
        try (ResultsClient results = new ResultsClient(system.endpoints())) {
            Optional<String> patientId = results.patientId(patient);
            Optional<JsonNode> verdict =
                    patientId.isEmpty() ? Optional.empty() : results.verdict(patientId.orElseThrow());
            if (verdict.isEmpty()) {
                System.err.println("No verdict: the patient is not known.");
                return ExitCode.FAILED;
            }
            System.out.println(json ? verdict.orElseThrow().toString() : VerdictText.of(verdict.orElseThrow()));
            return ExitCode.OK;
        }
    }
}
