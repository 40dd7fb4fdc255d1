package io.leukostream.inference;

import io.leukostream.inference.bundle.ModelBundle;
import io.leukostream.inference.domain.CropRule;
import io.leukostream.inference.imaging.NativeImaging;
import io.leukostream.inference.imaging.OpenCvImagePreparer;
import io.leukostream.inference.onnx.OnnxRuntime;
import io.leukostream.inference.onnx.Provider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The committed bundle, native code and files that several tests use. */
public final class Fixtures {
    public static final long MAX_PIXELS = 100_000_000;
    private static final Path BUNDLE = Path.of("models", "leukostream-cells", "2.4.0");
    private static final Path GOLDEN = Path.of("src", "test", "resources", "golden");

    private Fixtures() {}

    public static Path bundleFolder() {
        return BUNDLE;
    }

    public static ModelBundle bundle() {
        return ModelBundle.load(BUNDLE);
    }

    public static OpenCvImagePreparer preparer(ModelBundle bundle) {
        return preparer(bundle.description().inputSidePx(), bundle.description().crop());
    }

    public static OpenCvImagePreparer preparer(int inputSidePx, CropRule crop) {
        NativeImaging.load(folder("native"), MAX_PIXELS);
        return new OpenCvImagePreparer(inputSidePx, crop, MAX_PIXELS);
    }

    public static OnnxRuntime runtime(ModelBundle bundle) {
        return OnnxRuntime.open(
                Optional.of(Provider.CPU), bundle.description(), bundle.network(), folder("compiled-networks"));
    }

    public static byte[] golden(String file) {
        try {
            return Files.readAllBytes(GOLDEN.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The folder of real images, where this machine has it. */
    public static Optional<Path> realImages() {
        String named = System.getenv("LEUKOSTREAM_TEST_DATA");
        Path folder = named == null ? Path.of("..", "..", "shared", "data") : Path.of(named);
        return Files.isDirectory(folder) ? Optional.of(folder) : Optional.empty();
    }

    private static Path folder(String name) {
        try {
            return Files.createDirectories(Path.of("target", name).toAbsolutePath());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
