package io.leukostream.inference.imaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leukostream.inference.Fixtures;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.opencv_core.Mat;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageHeaderTest {
    @BeforeAll
    static void load() {
        Fixtures.preparer(Fixtures.bundle());
    }

    static Stream<String> formats() {
        return Stream.of(".bmp", ".png", ".jpg", ".tiff", ".webp");
    }

    @ParameterizedTest
    @MethodSource("formats")
    void everyFormatStatesItsSize(String format) {
        // Given
        byte[] file = noise(format, 123, 77);

        // When
        ImageHeader header = ImageHeader.read(ByteBuffer.wrap(file));

        // Then
        assertEquals(new ImageHeader.Sized(123, 77, true), header);
    }

    @ParameterizedTest
    @MethodSource("formats")
    void aFileThatLacksItsLastThirdIsSeenToBeIncomplete(String format) {
        // Given
        byte[] file = noise(format, 123, 77);
        ByteBuffer cut = ByteBuffer.wrap(file, 0, file.length * 2 / 3);

        // When
        ImageHeader header = ImageHeader.read(cut);

        // Then
        if (header instanceof ImageHeader.Sized readable) {
            assertFalse(readable.complete(), header.toString());
        } else {
            assertInstanceOf(ImageHeader.CutShort.class, header);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void noBytesMakeItThrowOrLoop(long seed) {
        // Given
        Random random = new Random(seed);
        for (String format : formats().toList()) {
            byte[] file = noise(format, 40, 30);
            for (int k = 0; k < 2000; k++) {
                byte[] mangled = Arrays.copyOf(file, random.nextInt(file.length + 1));
                for (int flips = random.nextInt(8); flips > 0 && mangled.length > 4; flips--) {
                    mangled[4 + random.nextInt(Math.min(60, mangled.length - 4))] = (byte) random.nextInt();
                }

                // When
                ImageHeader header = ImageHeader.read(ByteBuffer.wrap(mangled));

                // Then
                assertTrue(
                        !(header instanceof ImageHeader.Sized readable) || readable.pixels() > 0, () -> "seed " + seed);
            }
        }
    }

    @Test
    void aTextIsUnsupportedWhateverItsName() {
        // Given
        ByteBuffer text =
                ByteBuffer.wrap("no picture at all, though its name ends in .png".getBytes(StandardCharsets.UTF_8));

        // When
        ImageHeader header = ImageHeader.read(text);

        // Then
        assertInstanceOf(ImageHeader.Unsupported.class, header);
    }

    @Test
    void aHeightThatHasNoPositiveCounterpartIsMalformed() {
        // Given
        byte[] file = noise(".bmp", 40, 30);
        ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putInt(22, Integer.MIN_VALUE);

        // When
        ImageHeader header = ImageHeader.read(ByteBuffer.wrap(file));

        // Then
        assertInstanceOf(ImageHeader.Malformed.class, header);
    }

    @Test
    void moreScansThanAnyEncoderWritesAreMalformed() {
        // Given
        byte[] jpeg = noise(".jpg", 40, 30);

        // When
        ImageHeader most = ImageHeader.read(withMoreScans(jpeg, 99));
        ImageHeader more = ImageHeader.read(withMoreScans(jpeg, 100));

        // Then
        assertEquals(new ImageHeader.Sized(40, 30, true), most);
        assertInstanceOf(ImageHeader.Malformed.class, more);
    }

    private static ByteBuffer withMoreScans(byte[] jpeg, int count) {
        byte[] scan = {(byte) 0xFF, (byte) 0xDA, 0, 8, 1, 1, 0, 0, 63, 0};
        ByteBuffer file = ByteBuffer.allocate(jpeg.length + count * scan.length);
        file.put(jpeg, 0, jpeg.length - 2);
        for (int k = 0; k < count; k++) {
            file.put(scan);
        }
        return file.put(jpeg, jpeg.length - 2, 2).flip();
    }

    static byte[] noise(String format, int width, int height) {
        try (PointerScope _ = new PointerScope()) {
            Mat image = new Mat(height, width, opencv_core.CV_8UC3);
            byte[] pixels = new byte[3 * width * height];
            new Random(7).nextBytes(pixels);
            image.data().put(pixels);
            BytePointer buffer = new BytePointer();
            assertTrue(opencv_imgcodecs.imencode(format, image, buffer));
            byte[] file = new byte[(int) buffer.limit()];
            buffer.get(file);
            return file;
        }
    }
}
