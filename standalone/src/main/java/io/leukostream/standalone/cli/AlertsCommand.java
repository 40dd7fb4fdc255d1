package io.leukostream.standalone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.leukostream.standalone.client.ResultsClient;
import io.leukostream.standalone.client.Unreachable;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** An alert subscriber in the terminal. */
@Command(name = "alerts", mixinStandardHelpOptions = true, description = "Lists the alerts, and follows them.")
public final class AlertsCommand implements Callable<Integer> {
    @Mixin
    private SystemOptions system;

    @Option(names = "--follow", description = "Go on and print each alert as it changes, until Ctrl-C.")
    private boolean follow;

    @Option(names = "--json", description = "Print a JSON object per line.")
    private boolean json;

    @Override
    public Integer call() throws IOException, Unreachable, InterruptedException {
        try (ResultsClient results = new ResultsClient(system.endpoints())) {
            for (JsonNode alert : results.alerts().path("items")) {
                print(alert);
            }
            if (follow) {
                results.stream((name, event) -> {
                    if (name.equals("alert")) {
                        print(event);
                    }
                });
                System.err.println("The live stream ended.");
                return ExitCode.UNREACHABLE;
            }
            return ExitCode.OK;
        }
    }

    private void print(JsonNode alert) {
        System.out.println(
                json
                        ? alert.toString()
                        : alert.path("alertId").asText() + "  "
                                + alert.path("kind").asText() + "  "
                                + alert.path("state").asText() + "  "
                                + alert.path("verdictState").asText() + "  raised "
                                + alert.path("raisedAt").asText() + ", due "
                                + alert.path("dueAt").asText());
        System.out.flush();
    }
}
