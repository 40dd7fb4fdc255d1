package io.leukostream.ingest.folder;

import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What the name of a file says about it, and names for what is put beside it. */
final class FileNames {
    static final String SIDECAR = ".json";

    /** As the usual file systems count. */
    private static final int LONGEST_BYTES = 255;

    private static final List<String> UNFINISHED =
            List.of(".part", ".partial", ".tmp", ".temp", ".filepart", ".crdownload", "~");
    private static final Set<String> OF_THE_SYSTEM = Set.of("thumbs.db", "desktop.ini");

    private FileNames() {}

    /** Whether a file of that name is not for us, or not yet: hidden, unfinished, or the file manager's. */
    static boolean isLeftAlone(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.startsWith(".")
                || lower.startsWith("~")
                || OF_THE_SYSTEM.contains(lower)
                || UNFINISHED.stream().anyMatch(lower::endsWith);
    }

    static boolean isSidecar(String name) {
        return name.toLowerCase(Locale.ROOT).endsWith(SIDECAR);
    }

    static String withoutExtension(String name) {
        int dot = name.lastIndexOf('.');
        return dot < 1 ? name : name.substring(0, dot);
    }

    /** The sidecar of an image. */
    static Path sidecar(Path image) {
        return besideNamed(image, withoutExtension(image.getFileName().toString()) + SIDECAR);
    }

    /** A file beside another, named after it. */
    static Path beside(Path file, String suffix) {
        return besideNamed(file, file.getFileName() + suffix);
    }

    /**
     * Another name for the same file.
     *
     * @param number from 2
     */
    static Path numbered(Path file, int number) {
        String name = file.getFileName().toString();
        String base = withoutExtension(name);
        return besideNamed(file, base + "~" + number + name.substring(base.length()));
    }

    /** A name that is too long, or not of this system's characters, becomes a hash of it with the same end. */
    private static Path besideNamed(Path file, String name) {
        if (name.getBytes(StandardCharsets.UTF_8).length <= LONGEST_BYTES) {
            try {
                return file.resolveSibling(name);
            } catch (InvalidPathException e) {
                return file.resolveSibling(hashed(name));
            }
        }
        return file.resolveSibling(hashed(name));
    }

    private static String hashed(String name) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
            String end = name.substring(name.lastIndexOf('.') + 1).replaceAll("[^A-Za-z0-9]", "");
            return HexFormat.of().formatHex(digest, 0, 16) + (end.isEmpty() ? "" : "." + end);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
