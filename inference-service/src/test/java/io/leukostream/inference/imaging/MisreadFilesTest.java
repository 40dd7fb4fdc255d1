package io.leukostream.inference.imaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.leukostream.inference.Fixtures;
import io.leukostream.inference.TestDelivery;
import io.leukostream.inference.domain.Kind;
import io.leukostream.inference.domain.Preparation;
import io.leukostream.inference.domain.RejectionReason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.opencv_core.Mat;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Files that decoders misread: each is read as another reader reads it, or refused with a code. The other reader is Pillow,
 * which also makes the variants ({@code variants.py} beside the golden data).
 */
class MisreadFilesTest {
    private static final Path CASES = Path.of("..", "..", "shared", "cases");
    private static final int VARIANTS = 300;
    private static final int JPEG_TOLERANCE = 2;

    private static OpenCvImagePreparer preparer;

    @TempDir
    Path folder;

    @BeforeAll
    static void load() {
        preparer = Fixtures.preparer(Fixtures.bundle());
    }

    private static Preparation prepare(byte[] file) {
        return preparer.prepare(
                TestDelivery.of(0, Kind.CELL, OptionalDouble.empty(), file).image());
    }

    @Test
    void theFilesThatWereMisreadAreRightOrRefusedByName() throws IOException {
        assumeTrue(Files.isDirectory(CASES), "the files that were misread are not here: " + CASES);
        // Given
        Map<String, RejectionReason> refused = new TreeMap<>(Map.of(
                "565.bmp", RejectionReason.PIXEL_FORMAT_UNSUPPORTED,
                "cell.ome.tif", RejectionReason.PICTURE_AMBIGUOUS,
                "cut-out-black-under.png", RejectionReason.PIXEL_FORMAT_UNSUPPORTED,
                "cut-out-field-under.png", RejectionReason.PIXEL_FORMAT_UNSUPPORTED,
                "deflate-middle-cut.tif", RejectionReason.IMAGE_TRUNCATED,
                "full-range.png", RejectionReason.PIXEL_FORMAT_UNSUPPORTED,
                "strip-byte-count-zero.tif", RejectionReason.IMAGE_UNREADABLE,
                "thumbnail-first.tif", RejectionReason.PICTURE_AMBIGUOUS,
                "twelve-in-sixteen.png", RejectionReason.PIXEL_FORMAT_UNSUPPORTED));

        // When
        Map<String, RejectionReason> found = new TreeMap<>();
        Map<String, byte[]> cells = new TreeMap<>();
        for (String name : List.of("opaque.png", "bitfields-rgba.bmp")) {
            Preparation.Prepared read = assertInstanceOf(
                    Preparation.Prepared.class, prepare(Files.readAllBytes(CASES.resolve(name))), name);
            cells.put(name, read.cells().getFirst().rgbPlanes());
        }
        for (String name : refused.keySet()) {
            if (prepare(Files.readAllBytes(CASES.resolve(name)))
                    instanceof Preparation.Refused(var reason, String detail)) {
                assertTrue(detail.endsWith("."), detail);
                found.put(name, reason);
            }
        }

        // Then
        assertEquals(refused, found);
        assertTrue(
                Arrays.equals(cells.get("opaque.png"), cells.get("bitfields-rgba.bmp")),
                "the same cell has the same pixels, whatever the order of its channels");
    }

    @Test
    void aBlackPictureIsRefusedByName() {
        // Given
        byte[] black = Bitmaps.of(64, 64, (x, y) -> 0);

        // When
        Preparation preparation = prepare(black);

        // Then
        assertEquals(
                RejectionReason.IMAGE_BLACK,
                assertInstanceOf(Preparation.Refused.class, preparation).reason());
    }

    @Test
    void ofTwoReadingsNoneIsTaken() {
        // Given: an animation, a TIFF with a tag twice, a bitmap with a colour that its palette does not have
        byte[] still = Fixtures.golden("small-450.png");
        ByteArrayOutputStream animated = new ByteArrayOutputStream();
        animated.write(still, 0, 33);
        animated.writeBytes(chunk("acTL", new byte[] {0, 0, 0, 1, 0, 0, 0, 0}));
        animated.write(still, 33, still.length - 33);
        byte[] twice = Fixtures.golden("tiff-160.tif");
        ByteBuffer tiff =
                ByteBuffer.wrap(twice).order(twice[0] == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        tiff.putShort(tiff.getInt(4) + 2, tiff.getShort(tiff.getInt(4) + 2 + 12));
        ByteBuffer bitmap = ByteBuffer.allocate(54 + 8 + 8).order(ByteOrder.LITTLE_ENDIAN);
        bitmap.put((byte) 'B').put((byte) 'M').putInt(70).putInt(0).putInt(62);
        bitmap.putInt(40).putInt(3).putInt(2).putShort((short) 1).putShort((short) 8);
        bitmap.putInt(46, 2).put(67, (byte) 2);

        // Then
        assertEquals(RejectionReason.PICTURE_AMBIGUOUS, refusal(animated.toByteArray()));
        assertEquals(RejectionReason.IMAGE_UNREADABLE, refusal(twice));
        assertEquals(RejectionReason.IMAGE_UNREADABLE, refusal(bitmap.array()));
    }

    private static RejectionReason refusal(byte[] file) {
        return assertInstanceOf(Preparation.Refused.class, prepare(file)).reason();
    }

    private static byte[] chunk(String type, byte[] data) {
        ByteBuffer chunk = ByteBuffer.allocate(12 + data.length).putInt(data.length);
        chunk.put(type.getBytes(StandardCharsets.US_ASCII)).put(data);
        CRC32 crc = new CRC32();
        crc.update(chunk.array(), 4, 4 + data.length);
        return chunk.putInt((int) crc.getValue()).array();
    }

    @Test
    void noVariantIsCountedWhosePixelsAreNotThoseOfAnotherReader() throws Exception {
        assumeTrue(
                new ProcessBuilder("/usr/bin/python3", "-c", "import PIL")
                                .start()
                                .waitFor()
                        == 0,
                "Debian's python3-pil is not installed");
        // Given: whole files and damaged ones, each with the pixels that Pillow reads, or none where it does not
        Process maker = new ProcessBuilder(
                        "/usr/bin/python3",
                        "src/test/python/variants.py",
                        folder.toString(),
                        Integer.toString(VARIANTS),
                        "20261201")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("made.log").toFile())
                .start();
        assertTrue(maker.waitFor(120, TimeUnit.SECONDS), "the variants are not made in time");
        assertEquals(0, maker.exitValue(), Files.readString(folder.resolve("made.log")));
        List<Path> files;
        try (Stream<Path> all = Files.list(folder)) {
            files = all.filter(file -> !file.toString().endsWith(".rgb")
                            && !file.toString().endsWith(".log"))
                    .sorted()
                    .toList();
        }
        assertEquals(VARIANTS, files.size());

        // When
        int counted = 0;
        int whole = 0;
        for (Path file : files) {
            String name = file.getFileName().toString();
            byte[] bytes = Files.readAllBytes(file);
            Preparation preparation = prepare(bytes);
            if (preparation instanceof Preparation.Refused(var reason, String detail)) {
                assertTrue(!name.contains("whole"), name + " is refused: " + reason + ", " + detail);
                continue;
            }
            counted++;
            whole += name.contains("whole") ? 1 : 0;

            // Then
            Path rgb = folder.resolve(name + ".rgb");
            assertTrue(Files.exists(rgb), name + " is counted, and another reader does not read it");
            byte[] expected = Files.readAllBytes(rgb);
            byte[] read = rgb(bytes);
            assertEquals(expected.length, read.length, name);
            int tolerance = name.contains("jpg") || name.contains("jpeg") ? JPEG_TOLERANCE : 0;
            for (int k = 0; k < read.length; k++) {
                int difference = Math.abs((read[k] & 0xFF) - (expected[k] & 0xFF));
                assertTrue(difference <= tolerance, name + " differs at " + k + " by " + difference);
            }
        }
        assertTrue(whole > VARIANTS / 5, "whole files are read: " + whole + " of " + counted + " counted");
    }

    /** Three bytes a pixel, as the preparer reads them. */
    private static byte[] rgb(byte[] file) {
        try (PointerScope _ = new PointerScope()) {
            Mat bgr = Objects.requireNonNull(OpenCvImagePreparer.decode(
                    ByteBuffer.wrap(file), opencv_imgcodecs.IMREAD_COLOR | opencv_imgcodecs.IMREAD_IGNORE_ORIENTATION));
            byte[] bytes = Pixels.bytes(bgr);
            for (int k = 0; k < bytes.length; k += 3) {
                byte blue = bytes[k];
                bytes[k] = bytes[k + 2];
                bytes[k + 2] = blue;
            }
            return bytes;
        }
    }

    /** Bitmaps of 24 bits that a test paints. */
    private static final class Bitmaps {
        interface Grey {
            int at(int x, int y);
        }

        static byte[] of(int width, int height, Grey grey) {
            int row = (3 * width + 3) / 4 * 4;
            var file = ByteBuffer.allocate(54 + row * height).order(ByteOrder.LITTLE_ENDIAN);
            file.put((byte) 'B')
                    .put((byte) 'M')
                    .putInt(file.capacity())
                    .putInt(0)
                    .putInt(54);
            file.putInt(40).putInt(width).putInt(height).putShort((short) 1).putShort((short) 24);
            for (int y = 0; y < height; y++) {
                for (int x = 0; x < 3 * width; x++) {
                    file.put(54 + y * row + x, (byte) grey.at(x / 3, y));
                }
            }
            return file.array();
        }
    }
}
