package io.leukostream.standalone.cli;

import io.leukostream.schemas.ImageLimit;
import io.leukostream.standalone.client.Unreachable;
import io.leukostream.standalone.supervisor.Deployment;
import io.leukostream.standalone.supervisor.SupervisorState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The option that names the data folder, and the system that runs on it. */
final class DataOption {
    static final String DEFAULT = ".leukostream";

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Data folder (default: ${DEFAULT-VALUE}, here).",
            defaultValue = "${env:LEUKOSTREAM_DATA_DIR:-" + DEFAULT + "}")
    private Path folder;

    Path folder() {
        return folder.toAbsolutePath().normalize();
    }

    Optional<SupervisorState> state() throws IOException {
        return SupervisorState.read(folder());
    }

    /** The system that runs on the folder. */
    Deployment running() throws IOException, Unreachable {
        SupervisorState state = state().filter(SupervisorState::runs).orElse(null);
        if (state == null) {
            throw new Unreachable("Nothing runs on " + folder() + "; start it with ./leukostream up");
        }
        return new Deployment(folder(), state.portBase(), imageLimit());
    }

    static ImageLimit imageLimit() {
        String configured = System.getenv("LEUKOSTREAM_IMAGE_MAX_BYTES");
        return configured == null ? ImageLimit.DEFAULT : new ImageLimit(Integer.parseInt(configured));
    }
}
