package io.leukostream.results.study;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.leukostream.results.domain.ModelBundle;
import io.leukostream.results.domain.OperatingCharacteristics;
import io.leukostream.results.domain.SpecimenType;
import io.leukostream.results.domain.SubjectCalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** What a bundle's {@code model.json} says of how the model did on single cells of marrows that it had not seen. */
record ModelFile(ModelBundle bundle, OperatingCharacteristics characteristics) {
    /**
     * Reads the bundle in a folder.
     *
     * @throws IOException if there is none, or it was not validated for single cells of bone marrow
     */
    static ModelFile read(Path folder) throws IOException {
        Path file = folder.resolve("model.json");
        if (!Files.isRegularFile(file)) {
            throw new IOException("There is no bundle in " + folder + ": it has no model.json.");
        }
        byte[] content = Files.readAllBytes(file);
        JsonNode model = new ObjectMapper().readTree(content);
        for (JsonNode validation : model.path("validations")) {
            if (validation.path("kind").asText().equals("CELL")
                    && validation.path("specimenType").asText().equals(SpecimenType.BONE_MARROW)) {
                OperatingCharacteristics characteristics = new OperatingCharacteristics(
                        calls(validation.path("sensitivity")),
                        calls(validation.path("specificity")),
                        validation.path("designEffect").asDouble());
                return new ModelFile(
                        new ModelBundle(
                                model.path("name").asText(),
                                model.path("version").asText(),
                                sha256(content),
                                characteristics),
                        characteristics);
            }
        }
        throw new IOException("The bundle in " + folder + " was not validated for single cells of bone marrow.");
    }

    private static List<SubjectCalls> calls(JsonNode subjects) {
        List<SubjectCalls> calls = new ArrayList<>();
        for (JsonNode subject : subjects) {
            calls.add(new SubjectCalls(
                    subject.path("correct").asInt(), subject.path("total").asInt()));
        }
        return calls;
    }

    private static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
