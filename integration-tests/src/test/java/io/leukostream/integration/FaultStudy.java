package io.leukostream.integration;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * {@link FaultRun} at length: 3,000 images and 30 kills for each seed, on a system of its own each time, and for every five
 * kills one or two of each other fault. Its figures stand in {@code docs/guarantees.md}. Not a measure of speed.
 *
 * <p>{@code ./mvnw -B -DskipTests install && ./mvnw -q -pl integration-tests test-compile dependency:build-classpath
 * -Dmdep.outputFile=target/classpath}, then {@code java -Dleukostream.home=$PWD -cp
 * integration-tests/target/test-classes:$(cat integration-tests/target/classpath)
 * io.leukostream.integration.FaultStudy [images, 3000] [kills, 30] [seeds, 1 2 3]}.
 */
public final class FaultStudy {
    private static final int SPECIMENS = 20;
    private static final Duration REGISTRY_AWAY = Duration.ofMinutes(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(6);

    private FaultStudy() {}

    /** Runs it; ends with 1 where a promise was broken. */
    public static void main(String[] arguments) throws Exception {
        int count = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 3000;
        int kills = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 30;
        List<String> seeds =
                arguments.length > 2 ? List.of(arguments).subList(2, arguments.length) : List.of("1", "2", "3");
        Path folder = Files.createTempDirectory("leukostream-faults");
        List<Path> images = SmearImages.ofAnySubjects(folder.resolve("synthetic"), count);
        boolean kept = true;
        for (String seed : seeds) {
            FaultRun.Faults faults = new FaultRun.Faults(
                    kills,
                    kills / 5,
                    kills / 3,
                    kills / 3,
                    kills / 5,
                    REGISTRY_AWAY,
                    LONGEST_PAUSE,
                    Long.parseLong(seed));
            ServiceClocks clocks = ServiceClocks.in(folder.resolve("clocks-" + seed));
            try (RunningSystem system = RunningSystem.start(folder.resolve("data-" + seed), clocks.environment())) {
                FaultRun.Outcome outcome = new FaultRun(system, clocks, images, SPECIMENS, faults).run();
                System.out.println("seed " + seed + ": " + outcome);
                kept &= outcome.complaints().isEmpty();
            }
            Thread.sleep(Duration.ofSeconds(2));
        }
        System.exit(kept ? 0 : 1);
    }
}
