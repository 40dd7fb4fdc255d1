package io.leukostream.standalone.supervisor;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.List;

/**
 * A component's log file: at most two files of a bounded size, and the newest lines at hand. A full disk stops nobody: lines
 * that cannot be written are counted, and the file says so when there is room again.
 */
final class RotatingLog implements AutoCloseable {
    private static final long MAX_BYTES = 32L << 20;
    private static final int TAIL_LINES = 20;

    private final Path file;
    private final ArrayDeque<String> tail = new ArrayDeque<>();
    private OutputStream out;
    private long bytes;
    private long unwritten;

    RotatingLog(Path file) throws IOException {
        this.file = file;
        Files.createDirectories(file.toAbsolutePath().getParent());
        this.out = open();
    }

    synchronized void write(String line) {
        tail.addLast(line);
        if (tail.size() > TAIL_LINES) {
            tail.removeFirst();
        }
        try {
            if (bytes > MAX_BYTES) {
                out.close();
                Files.move(file, file.resolveSibling(file.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
                out = open();
            }
            if (unwritten > 0) {
                append("(" + unwritten + " lines before this one could not be written)");
                unwritten = 0;
            }
            append(line);
        } catch (IOException e) {
            unwritten++;
        }
    }

    private void append(String line) throws IOException {
        byte[] encoded = (line + System.lineSeparator()).getBytes(StandardCharsets.UTF_8);
        out.write(encoded);
        bytes += encoded.length;
    }

    /** Writes what the process says until it says no more. */
    void drain(Process source) throws IOException {
        try (BufferedReader lines = source.inputReader()) {
            String line = lines.readLine();
            while (line != null) {
                write(line);
                line = lines.readLine();
            }
        }
    }

    synchronized List<String> tail() {
        return List.copyOf(tail);
    }

    /** The lines so far are no longer the newest ones: what follows is another process's. */
    synchronized void forgetTail() {
        tail.clear();
    }

    @Override
    public synchronized void close() throws IOException {
        out.close();
    }

    private OutputStream open() throws IOException {
        bytes = Files.exists(file) ? Files.size(file) : 0;
        return Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
