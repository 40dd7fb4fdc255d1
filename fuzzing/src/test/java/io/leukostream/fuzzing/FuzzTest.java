package io.leukostream.fuzzing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Runs each fuzzer for a while in a process of its own, beginning with its seeds and with what is committed in {@code
 * src/test/fuzz}: inputs that found something once are there. {@code leukostream fuzz} runs them longer.
 */
class FuzzTest {
    private static final Duration EACH = Duration.parse(System.getProperty("leukostream.fuzz.time", "PT8S"));
    private static final String ONLY = System.getProperty("leukostream.fuzz.only", "");
    private static final Path COMMITTED = Path.of("src", "test", "fuzz");
    private static final Path WORK = Path.of("target", "fuzz");

    static Stream<Fuzzer> fuzzers() {
        List<Fuzzer> asked = Arrays.stream(Fuzzer.values())
                .filter(fuzzer -> ONLY.isEmpty() || List.of(ONLY.split(",")).contains(fuzzer.title()))
                .toList();
        assertFalse(
                asked.isEmpty(),
                () -> "there is no fuzzer " + ONLY + "; there are "
                        + Arrays.stream(Fuzzer.values()).map(Fuzzer::title).toList());
        return asked.stream();
    }

    @ParameterizedTest
    @MethodSource("fuzzers")
    void findsNothing(Fuzzer fuzzer) throws Exception {
        // Given
        Path folder = WORK.resolve(fuzzer.title());
        Path found = Files.createDirectories(folder.resolve("found"));
        Path grown = Files.createDirectories(folder.resolve("grown"));
        Path seeds = Files.createDirectories(folder.resolve("seeds"));
        int number = 0;
        for (byte[] seed : fuzzer.seeds()) {
            Files.write(seeds.resolve("seed-" + number++), seed);
        }
        Path log = folder.resolve("log.txt");

        // When
        Process process = new ProcessBuilder(command(fuzzer, found, List.of(grown, seeds)))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        int status;
        try {
            status = process.waitFor();
        } finally {
            process.destroyForcibly();
        }

        // Then
        String said = Files.readString(log);
        assertEquals(
                0,
                status,
                () ->
                        "%s found something: the input lies in %s, the log is %s. Copied to %s it is tried at each run.%n%s"
                                .formatted(
                                        fuzzer.title(),
                                        found.toAbsolutePath(),
                                        log.toAbsolutePath(),
                                        COMMITTED.resolve(fuzzer.title()).toAbsolutePath(),
                                        finding(said)));
        assertTrue(said.contains("DONE"), () -> "it did not run to its end: " + said);
        System.out.println(fuzzer.title() + ": "
                + said.lines()
                        .filter(line -> line.contains("DONE") || line.startsWith("Done "))
                        .toList());
    }

    /** What the log says of it: the exception and the end. */
    private static String finding(String log) {
        int from = log.indexOf("== ");
        return from < 0 ? log : log.substring(from);
    }

    private static List<String> command(Fuzzer fuzzer, Path found, List<Path> corpora) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-XX:+UseParallelGC",
                "-XX:+EnableDynamicAgentLoading",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Djava.awt.headless=true",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + fuzzer.className(),
                "--instrumentation_includes=io.leukostream.**",
                "--custom_hook_includes=io.leukostream.**",
                "--reproducer_path=" + found,
                "-artifact_prefix=" + found + "/",
                "-max_total_time=" + EACH.toSeconds(),
                "-max_len=" + Fuzzer.LONGEST_INPUT,
                "-timeout=120",
                "-rss_limit_mb=3000",
                "-print_final_stats=1"));
        corpora.forEach(folder -> command.add(folder.toString()));
        Path committed = COMMITTED.resolve(fuzzer.title());
        if (Files.isDirectory(committed)) {
            command.add(committed.toString());
        }
        return command;
    }
}
