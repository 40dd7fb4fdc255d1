package io.leukostream.inference.bundle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.leukostream.inference.Fixtures;
import io.leukostream.inference.TestDelivery;
import io.leukostream.inference.bundle.ModelBundle.BundleRefusedException;
import io.leukostream.inference.domain.Kind;
import io.leukostream.inference.domain.ReferenceSubject;
import io.leukostream.inference.domain.ReferenceSubject.Truth;
import io.leukostream.inference.domain.SpecimenType;
import io.leukostream.inference.onnx.OnnxRuntime;
import io.leukostream.inference.onnx.Provider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelBundleTest {
    @TempDir
    Path folder;

    @Test
    void theCommittedBundleLoadsAndIsValidatedForCutOutMarrowCellsOnly() throws IOException {
        // When
        ModelBundle bundle = Fixtures.bundle();

        // Then
        byte[] json = Files.readAllBytes(Fixtures.bundleFolder().resolve("model.json"));
        assertEquals(TestDelivery.sha256(json), bundle.description().bundleSha256());
        assertTrue(bundle.description()
                .validationFor(Kind.CELL, SpecimenType.BONE_MARROW)
                .isPresent());
        assertFalse(bundle.description()
                .validationFor(Kind.FIELD, SpecimenType.BONE_MARROW)
                .isPresent());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"PLATT\"|\"ISOTONIC\"|calibration.method",
                "\"normal\": \"CELL:NORMAL\"|\"normal\": \"CELL:HEALTHY\"|CELL:HEALTHY",
                "\"type:LYMPHOCYTE\",|\"type:BLAST\",|twice",
                "\"gate\": \"STAIN\"|\"gate\": \"COLOUR\"|COLOUR",
                "\"FIELD\": {|\"FIELDS\": {|FIELD",
                "\"channelOrder\"|\"order\"|channelOrder",
                "\"float32\"|\"float16\"|input.dtype",
                "\"modelSha256\": \"|\"modelSha256\": \"0|SHA-256",
                "\"doubtfulBeyond\": [{\"column\": \"appearance:|\"doubtfulBeyond\": [{\"column\": \"looks:|looks:",
                "\"version\": \"2.4.0\"|\"version\": \"1.0\"|version",
                "\"refusedFrom\": 0.9|\"refusedFrom\": 0.01|unidentifiable cell",
                "\"designEffect\":|\"designEffect\": 0.5, \"was\":|design effect",
                "\"reference\": [{\"kind\": \"CELL\"|\"reference\": [{\"kind\": \"SLIDE\"|SLIDE",
                "\"reference\": [{\"kind\": \"CELL\",\"specimenType\": \"BONE_MARROW\"|\"reference\": [{\"kind\": \"CELL\",\"specimenType\": \"SPLEEN\"|SPLEEN",
                "\"reference\": [|\"reference\": [3,|no field 'subjects'",
                "\"truth\": \"NORMAL\"|\"truth\": \"HEALTHY\"|HEALTHY",
                "\"subject\": \"H14\",\"truth\"|\"subject\": \"H15\",\"truth\"|listed twice",
                "\"probabilities\": [|\"probabilities\": [1.0001,|1.0001",
                "\"probabilities\": [|\"probabilities\": [-0.0001,|-1.0E-4",
                "\"probabilities\": [|\"probabilities\": [\"high\",|no number",
                "\"probabilities\": [|\"probabilities\": [],\"was\": [|no cells of the reference subject",
                "\"formatVersion\": 2|\"formatVersion\": 1|formatVersion",
                "{|[|no JSON"
            })
    void aBundleThatDoesNotFitIsRefusedWithTheReason(String from, String to, String reason) throws IOException {
        // Given
        Path source = Fixtures.bundleFolder();
        Files.copy(source.resolve("model.onnx"), folder.resolve("model.onnx"));
        String json = Files.readString(source.resolve("model.json")).replaceAll("\\s*\\n\\s*", "");
        assertTrue(json.contains(from), from);
        Files.writeString(folder.resolve("model.json"), json.replace(from, to));

        // When
        BundleRefusedException refused = assertThrows(BundleRefusedException.class, () -> ModelBundle.load(folder));

        // Then
        String message = String.valueOf(refused.getMessage());
        assertTrue(message.contains(reason), message);
        assertTrue(message.contains(folder.toString()), message);
    }

    @Test
    void theCommittedBundleHoldsItsReferenceSubjects() {
        // When
        List<ReferenceSubject> subjects =
                Fixtures.bundle().description().referenceFor(Kind.CELL, SpecimenType.BONE_MARROW);

        // Then
        assertEquals(
                27, subjects.stream().filter(s -> s.truth() == Truth.LEUKAEMIC).count());
        assertEquals(
                15, subjects.stream().filter(s -> s.truth() == Truth.NORMAL).count());
        assertTrue(subjects.stream().allMatch(s -> s.lookGroup().isPresent()));
        assertEquals(List.of(), Fixtures.bundle().description().referenceFor(Kind.FIELD, SpecimenType.BONE_MARROW));
    }

    @Test
    void aBundleWithoutReferenceSubjectsLoads() throws IOException {
        // Given
        ObjectNode root = committed();
        root.remove("reference");

        // When
        ModelBundle bundle = ModelBundle.load(written(root));

        // Then
        assertEquals(List.of(), bundle.description().references());
    }

    @Test
    void referenceSubjectsThatAreNoListAreRefused() throws IOException {
        // Given
        ObjectNode root = committed();
        root.put("reference", "all of them");
        Path bundle = written(root);

        // When / Then
        assertRefused(bundle, "'reference' in model.json is no list");
    }

    @Test
    void twoReferencesOfOneKindAndSpecimenTypeAreRefused() throws IOException {
        // Given
        ObjectNode root = committed();
        root.withArray("reference").add(root.withArray("reference").get(0).deepCopy());
        Path bundle = written(root);

        // When / Then
        assertRefused(bundle, "two references");
    }

    @Test
    void aReferenceWithoutSubjectsIsRefused() throws IOException {
        // Given
        ObjectNode root = committed();
        ((ObjectNode) root.withArray("reference").get(0)).putArray("subjects");
        Path bundle = written(root);

        // When / Then
        assertRefused(bundle, "no reference subjects for CELL of BONE_MARROW");
    }

    @Test
    void moreReferenceSubjectsThanHalfAMegabyteAreRefused() throws IOException {
        // Given
        ObjectNode root = committed();
        ArrayNode probabilities =
                ((ObjectNode) root.withArray("reference").get(0).get("subjects").get(0)).putArray("probabilities");
        for (int cell = 0; cell < 100_000; cell++) {
            probabilities.add(0.1234);
        }
        Path bundle = written(root);

        // When / Then
        assertRefused(bundle, "more than 524288");
    }

    private static ObjectNode committed() throws IOException {
        return (ObjectNode) new ObjectMapper()
                .readTree(Fixtures.bundleFolder().resolve("model.json").toFile());
    }

    private Path written(ObjectNode root) throws IOException {
        Files.copy(Fixtures.bundleFolder().resolve("model.onnx"), folder.resolve("model.onnx"));
        Files.writeString(folder.resolve("model.json"), root.toString());
        return folder;
    }

    private static void assertRefused(Path bundle, String reason) {
        BundleRefusedException refused = assertThrows(BundleRefusedException.class, () -> ModelBundle.load(bundle));
        assertTrue(String.valueOf(refused.getMessage()).contains(reason), refused.getMessage());
    }

    @Test
    void aFolderWithoutBundleIsRefused() {
        // When / Then
        assertThrows(BundleRefusedException.class, () -> ModelBundle.load(folder));
    }

    @Test
    void aNetworkWhoseShapesAreNotTheDescribedOnesIsRefused() throws IOException {
        // Given
        Path source = Fixtures.bundleFolder();
        Files.copy(source.resolve("model.onnx"), folder.resolve("model.onnx"));
        String json = Files.readString(source.resolve("model.json"));
        Files.writeString(folder.resolve("model.json"), json.replaceAll("128", "96"));
        ModelBundle bundle = ModelBundle.load(folder);

        // When
        IllegalStateException refused = assertThrows(
                IllegalStateException.class,
                () -> OnnxRuntime.open(Optional.of(Provider.CPU), bundle.description(), bundle.network(), folder));

        // Then
        assertTrue(String.valueOf(refused.getMessage()).contains("[-1, 3, 96, 96]"), refused.getMessage());
    }
}
