package io.leukostream.standalone.supervisor;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs a command in a terminal session of its own, so that Ctrl-C and a closed terminal do not reach it. */
public final class OwnSession {
    private static final Path SETSID = Path.of("/usr/bin/setsid");

    private OwnSession() {}

    /** The command, in a session of its own where the machine can do that. */
    public static List<String> of(List<String> command) {
        List<String> own = new ArrayList<>();
        if (Files.isExecutable(SETSID)) {
            own.add(SETSID.toString());
        }
        own.addAll(command);
        return own;
    }
}
