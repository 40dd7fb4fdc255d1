package io.leukostream.integration;

import io.leukostream.simulator.ImageKind;
import io.leukostream.simulator.SyntheticWard;
import io.leukostream.simulator.WardWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/** Cell images for the tests: real ones of C-NMC 2019 where they lie beside the checkout; synthetic ones for the rest. */
final class SmearImages {
    private static final Path REAL = Path.of(System.getProperty("leukostream.home"))
            .resolveSibling("shared")
            .resolve("data/cnmc2019/all");
    private static final String SUBJECT = "UID_34_";

    private SmearImages() {}

    /**
     * Images of one subject, sorted by name.
     *
     * @param folder where synthetic ones are drawn
     */
    static List<Path> ofOneSubject(Path folder, int count) throws IOException {
        return images(folder, count, SUBJECT);
    }

    /**
     * Images of whatever subjects, sorted by name.
     *
     * @param folder where synthetic ones are drawn
     */
    static List<Path> ofAnySubjects(Path folder, int count) throws IOException {
        return images(folder, count, "");
    }

    /** All images below a folder, sorted by name. */
    static List<Path> below(Path folder) throws IOException {
        return sorted(folder, Integer.MAX_VALUE, "");
    }

    private static List<Path> images(Path folder, int count, String prefix) throws IOException {
        List<Path> images = new ArrayList<>();
        if (Files.isDirectory(REAL)) {
            images.addAll(sorted(REAL, count, prefix));
        } else {
            System.out.println("No real images beside the checkout: the test goes on with synthetic ones.");
        }
        if (images.isEmpty() || (prefix.isEmpty() && images.size() < count)) {
            int missing = count - images.size();
            WardWriter.write(
                    folder, SyntheticWard.plan(1, OptionalDouble.of(0.9), missing, ImageKind.CELL, 20_261_123L));
            images.addAll(sorted(folder, missing, ""));
        }
        if (images.size() < count) {
            throw new IllegalStateException("only " + images.size() + " images of " + count);
        }
        return images;
    }

    private static List<Path> sorted(Path source, int most, String prefix) throws IOException {
        try (Stream<Path> files = Files.walk(source)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> file.getFileName().toString().startsWith(prefix))
                    .filter(file -> file.toString().matches(".*\\.(webp|jpe?g|png|bmp|tiff?)"))
                    .sorted()
                    .limit(most)
                    .toList();
        }
    }
}
