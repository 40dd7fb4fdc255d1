package io.leukostream.standalone.supervisor;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.List;

/** A component's log file: at most two files of a bounded size, and the newest lines at hand. */
final class RotatingLog implements AutoCloseable {
    private static final long MAX_BYTES = 32L << 20;
    private static final int TAIL_LINES = 20;

    private final Path file;
    private final ArrayDeque<String> tail = new ArrayDeque<>();
    private BufferedWriter writer;
    private long bytes;

    RotatingLog(Path file) throws IOException {
        this.file = file;
        Files.createDirectories(file.toAbsolutePath().getParent());
        this.writer = open();
    }

    synchronized void write(String line) throws IOException {
        if (bytes > MAX_BYTES) {
            writer.close();
            Files.move(file, file.resolveSibling(file.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
            writer = open();
        }
        writer.write(line);
        writer.newLine();
        writer.flush();
        bytes += line.length() + 1;
        tail.addLast(line);
        if (tail.size() > TAIL_LINES) {
            tail.removeFirst();
        }
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
        writer.close();
    }

    private BufferedWriter open() throws IOException {
        bytes = Files.exists(file) ? Files.size(file) : 0;
        return Files.newBufferedWriter(
                file, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
