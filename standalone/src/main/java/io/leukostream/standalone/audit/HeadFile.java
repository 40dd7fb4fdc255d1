package io.leukostream.standalone.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A file of heads, one JSON object a line. */
public final class HeadFile {
    private static final ObjectMapper JSON = new ObjectMapper();

    private HeadFile() {}

    /** Writes the heads, in place of what the file held. */
    public static void write(Path file, List<Head> heads) throws IOException {
        List<String> lines = new ArrayList<>();
        for (Head head : heads) {
            lines.add(JSON.writeValueAsString(head));
        }
        Files.write(file, lines);
    }

    /**
     * Reads heads.
     *
     * @throws IOException if the file cannot be read, or a line, which is named, is no head
     */
    public static List<Head> read(Path file) throws IOException {
        List<Head> heads = new ArrayList<>();
        int number = 0;
        for (String line : Files.readAllLines(file)) {
            number++;
            if (!line.isBlank()) {
                try {
                    heads.add(JSON.readValue(line, Head.class));
                } catch (JsonProcessingException e) {
                    throw new IOException(file + ", line " + number + " is no head of an audit: " + line, e);
                }
            }
        }
        return heads;
    }
}
