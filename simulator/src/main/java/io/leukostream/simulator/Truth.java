package io.leukostream.simulator;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What is in a ward's folder: the content of its {@code truth.json}.
 *
 * @param notice says that the pictures are invented
 * @param seed what the ward was planned from
 * @param images one entry per file
 */
public record Truth(String notice, long seed, List<ImageTruth> images) {
    /** The file's name in the ward's folder. */
    public static final String FILE_NAME = "truth.json";

    private static final String NOTICE =
            "Synthetic images, drawn by Leukostream's simulator. No patient, no diagnosis.";
    private static final ObjectMapper JSON = JsonMapper.builder().build();

    public Truth {
        images = List.copyOf(images);
    }

    /** The truth about the images, with the notice that they are invented. */
    public static Truth of(long seed, List<ImageTruth> images) {
        return new Truth(NOTICE, seed, images);
    }

    /** Reads a ward's {@code truth.json}. */
    public static Truth read(Path folder) throws IOException {
        return JSON.readValue(Files.readAllBytes(folder.resolve(FILE_NAME)), Truth.class);
    }

    /** Writes {@code truth.json} into the ward's folder. */
    public void write(Path folder) throws IOException {
        Files.write(
                folder.resolve(FILE_NAME), JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(this));
    }
}
