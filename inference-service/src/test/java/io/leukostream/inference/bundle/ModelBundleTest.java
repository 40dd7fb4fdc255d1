package io.leukostream.inference.bundle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leukostream.inference.Fixtures;
import io.leukostream.inference.TestDelivery;
import io.leukostream.inference.bundle.ModelBundle.BundleRefusedException;
import io.leukostream.inference.domain.Kind;
import io.leukostream.inference.domain.SpecimenType;
import io.leukostream.inference.onnx.OnnxRuntime;
import io.leukostream.inference.onnx.Provider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
                "\"version\": \"2.3.0\"|\"version\": \"1.0\"|version",
                "\"refusedFrom\": 0.9|\"refusedFrom\": 0.01|unidentifiable cell",
                "\"designEffect\":|\"designEffect\": 0.5, \"was\":|design effect",
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
