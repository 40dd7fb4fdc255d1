package io.leukostream.standalone.supervisor;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The study of the verdict's operating characteristics. It runs the results service's own code in a process of its own,
 * because services share contracts and no classes; it needs no running system, and it ends with this process.
 */
public final class StudyProgram {
    private static final String MAIN_CLASS = "io.leukostream.results.study.StudyMain";

    private StudyProgram() {}

    /**
     * Runs it; its progress goes to standard error, its document to the file or to standard output.
     *
     * @param bundle the folder of a bundle
     * @param patients for each fraction of blasts
     * @return its exit status
     */
    public static int run(Installation installation, Path bundle, long seed, int patients, @Nullable Path file)
            throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(
                List.of(bundle.toAbsolutePath().toString(), Long.toString(seed), Integer.toString(patients)));
        if (file != null) {
            arguments.add(file.toAbsolutePath().toString());
        }
        Process process = new ProcessBuilder(installation.resultsProgram(MAIN_CLASS, arguments))
                .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            return process.waitFor();
        } finally {
            process.destroy();
        }
    }
}
