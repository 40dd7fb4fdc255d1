package io.leukostream.standalone.client;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/** Finds the image files below the paths that a person names. */
public final class ImageFiles {
    private static final Set<String> SUFFIXES = Set.of("bmp", "png", "jpg", "jpeg", "tif", "tiff", "webp");

    private ImageFiles() {}

    /**
     * The files themselves, whatever their name, and those with an image's suffix in and below the folders; in the order
     * of the paths, and by name within a folder.
     *
     * @throws IOException if a path does not exist or cannot be read
     */
    public static List<Path> below(List<Path> paths) throws IOException {
        List<Path> files = new ArrayList<>();
        for (Path path : paths) {
            if (Files.isDirectory(path)) {
                try (Stream<Path> found = Files.walk(path)) {
                    found.filter(Files::isRegularFile)
                            .filter(ImageFiles::looksLikeImage)
                            .sorted()
                            .forEach(files::add);
                }
            } else if (Files.isRegularFile(path)) {
                files.add(path);
            } else {
                throw new IOException("There is no file or folder " + path);
            }
        }
        return files;
    }

    private static boolean looksLikeImage(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        return !name.startsWith(".") && SUFFIXES.contains(name.substring(name.lastIndexOf('.') + 1));
    }
}
