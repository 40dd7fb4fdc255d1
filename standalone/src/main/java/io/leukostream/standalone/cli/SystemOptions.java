package io.leukostream.standalone.cli;

import io.leukostream.standalone.client.Endpoints;
import io.leukostream.standalone.client.Unreachable;
import io.leukostream.standalone.supervisor.SupervisorState;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that say which running system is meant. */
final class SystemOptions {
    private static final int DEFAULT_PORT_BASE = 8080;

    @Mixin
    private DataOption data;

    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "Address of the dashboard or of ingest; by default the system that runs on the data folder.",
            defaultValue = "${env:LEUKOSTREAM_URL}")
    private @Nullable String url;

    Endpoints endpoints() throws IOException, Unreachable, InterruptedException {
        if (url != null && !url.isBlank()) {
            return Endpoints.of(url);
        }
        return Endpoints.local(data.state()
                .filter(SupervisorState::runs)
                .map(SupervisorState::portBase)
                .orElse(DEFAULT_PORT_BASE));
    }
}
