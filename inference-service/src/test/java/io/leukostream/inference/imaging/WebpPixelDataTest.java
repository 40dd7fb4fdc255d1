package io.leukostream.inference.imaging;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.leukostream.inference.Fixtures;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Random;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.opencv_core.Mat;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class WebpPixelDataTest {
    /** 37 × 23, by libwebp. */
    private static final String LOSSY =
            "UklGRkAAAABXRUJQVlA4IDQAAAAwAwCdASolABcAPzmaxVuvKyekJWgB4CcJZwDMlA8KmggAAP7oNlz0rd0n6n8pKCTJ/QAA";

    @BeforeAll
    static void load() {
        Fixtures.preparer(Fixtures.bundle());
    }

    @Test
    void ofDamagedDataWhatLiesBehindThePictureChangesNoPixel() {
        // Given: coded data that asks for more than there is, alone and with metadata behind it, in its container and
        // after
        byte[] whole = Base64.getDecoder().decode(LOSSY);
        byte[] damaged = whole.clone();
        Arrays.fill(damaged, 32, damaged.length, (byte) 0x5A);
        byte[] behind = new byte[64];
        new Random(1).nextBytes(behind);
        ByteBuffer within =
                ByteBuffer.allocate(damaged.length + 8 + behind.length).order(ByteOrder.LITTLE_ENDIAN);
        within.put(damaged).put("EXIF".getBytes(StandardCharsets.US_ASCII)).putInt(behind.length);
        within.put(behind).putInt(4, within.capacity() - 8);
        byte[] after = Arrays.copyOf(damaged, damaged.length + behind.length);
        System.arraycopy(behind, 0, after, damaged.length, behind.length);

        // When
        byte[] alone = pixels(damaged);

        // Then
        assertArrayEquals(alone, pixels(within.array()));
        assertArrayEquals(alone, pixels(after));
        assertEquals(3 * 37 * 23, pixels(whole).length);
    }

    private static byte[] pixels(byte[] file) {
        try (PointerScope _ = new PointerScope()) {
            Mat decoded = OpenCvImagePreparer.decode(ByteBuffer.wrap(file), opencv_imgcodecs.IMREAD_COLOR);
            return decoded == null || decoded.empty() ? new byte[0] : Pixels.bytes(decoded);
        }
    }
}
