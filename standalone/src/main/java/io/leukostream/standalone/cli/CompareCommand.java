package io.leukostream.standalone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.leukostream.standalone.client.ResultsClient;
import io.leukostream.standalone.client.Unreachable;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Says which verdicts would be others by a bundle that ran as a shadow. */
@Command(
        name = "compare",
        mixinStandardHelpOptions = true,
        description = "Says how many patients' verdicts would differ with a bundle that ran as a shadow"
                + " (./leukostream replay), and lists them. Exit status 1 if no such bundle ran, 4 if nothing answers.")
public final class CompareCommand implements Callable<Integer> {
    @Option(
            names = "--bundle",
            paramLabel = "BUNDLE",
            description = "Its name/version or the beginning of its SHA-256; not needed where only one ran.")
    private @Nullable String bundle;

    @Mixin
    private SystemOptions system;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Override
    public Integer call() throws IOException, Unreachable, InterruptedException {
        try (ResultsClient results = new ResultsClient(system.endpoints())) {
            Optional<JsonNode> found = results.comparison(bundle == null ? "" : bundle);
            if (found.isEmpty()) {
                System.err.println("No such bundle ran as a shadow; run ./leukostream replay --bundle DIR first.");
                return ExitCode.FAILED;
            }
            if (json) {
                System.out.println(found.orElseThrow());
            } else {
                print(found.orElseThrow());
            }
            return ExitCode.OK;
        }
    }

    private static void print(JsonNode comparison) {
        JsonNode bundle = comparison.path("bundle");
        System.out.printf(
                Locale.ROOT,
                "%s/%s: %d of %d patients would have another verdict; %d of %d cells are called differently%n",
                bundle.path("name").asText(),
                bundle.path("version").asText(),
                comparison.path("patientsDiffer").asInt(),
                comparison.path("patientsCompared").asInt(),
                comparison.path("cellsCalledDifferently").asInt(),
                comparison.path("cellsCompared").asInt());
        for (JsonNode patient : comparison.path("differing")) {
            System.out.printf(
                    "  %s: %s, would be %s%n",
                    patient.path("patientId").asText(),
                    patient.path("state").asText(),
                    patient.path("shadowState").asText());
            for (JsonNode specimen : patient.path("specimens")) {
                System.out.printf(
                        "    %s: %s of %d cells called blast, would be %s of %d%n",
                        specimen.path("specimenId").asText(),
                        percent(specimen.path("apparent")),
                        specimen.path("counted").asInt(),
                        percent(specimen.path("shadowApparent")),
                        specimen.path("shadowCounted").asInt());
            }
        }
        for (JsonNode patient : comparison.path("notCompared")) {
            System.out.printf(
                    "  not compared: %s, the shadow has not seen %d of its %d images%n",
                    patient.path("patientId").asText(),
                    patient.path("withoutShadow").asInt(),
                    patient.path("images").asInt());
        }
        System.out.println("Research use only.");
    }

    private static String percent(JsonNode share) {
        return share.isNumber() ? String.format(Locale.ROOT, "%.1f %%", 100 * share.asDouble()) : "none";
    }
}
