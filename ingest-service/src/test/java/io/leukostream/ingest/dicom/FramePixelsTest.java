package io.leukostream.ingest.dicom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.leukostream.ingest.domain.DefectException;
import io.leukostream.ingest.domain.ImageInspector;
import io.leukostream.ingest.domain.Inspection;
import io.leukostream.ingest.domain.ProblemCode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two pixels beside each other in three rows: width 2, so that a BMP's rows are padded. */
class FramePixelsTest {
    private static final int WIDTH = 2;
    private static final int HEIGHT = 3;

    @ParameterizedTest
    @CsvSource({
        "RGB,            010203 040506 070809 0a0b0c 0d0e0f ff1112, 010203 040506 070809 0a0b0c 0d0e0f ff1112",
        "RGB_BY_PLANE,   0104070a0dff 0205080b0e11 0306090c0f12,    010203 040506 070809 0a0b0c 0d0e0f ff1112",
        "GREY,           00 01 7f 80 fe ff,                         000000 010101 7f7f7f 808080 fefefe ffffff",
        "INVERTED_GREY,  00 01 7f 80 fe ff,                         ffffff fefefe 808080 7f7f7f 010101 000000",
        "YBR,            008080 ff8080 4c55ff 9f0000 1dff6b 808080, 000000 ffffff fe0000 00ff00 0000fe 808080",
        "YBR_BY_PLANE,   00ff4c9f1d80 80805500ff80 8080ff006b80,    000000 ffffff fe0000 00ff00 0000fe 808080"
    })
    void keepsEveryPixel(FrameSource source, String given, String pixels) throws Exception {
        // Given
        ByteBuffer frame = bytes(given);

        // When
        ByteBuffer file = FramePixels.file(source, frame, WIDTH, HEIGHT);

        // Then
        assertEquals(pixels.replace(" ", ""), decoded(file));
        assertEquals(FramePixels.fileBytes(WIDTH, HEIGHT), file.remaining());
        assertEquals(
                Inspection.Sound.class, new ImageInspector(100).inspect(file).getClass());
    }

    @ParameterizedTest
    @CsvSource({
        "DECODED_COLOUR, 3, 010203040506070809, 010203040506070809",
        "DECODED_GREY, 1, 0102ff, 010101020202ffffff"
    })
    void readsWhatOrthancDecoded(FrameSource source, int depth, String given, String pixels) throws Exception {
        // Given
        ByteBuffer frame = pam(1, 3, depth, given);

        // When
        ByteBuffer file = FramePixels.file(source, frame, 1, 3);

        // Then
        assertEquals(pixels, decoded(file));
    }

    @Test
    void allowsThePaddingOfAnOddLengthOnly() throws DefectException {
        // Given
        ByteBuffer padded = bytes("01020300");
        ByteBuffer longer = bytes("0102030000");
        ByteBuffer shorter = bytes("0102");

        // When
        ByteBuffer file = FramePixels.file(FrameSource.GREY, padded, 1, 3);

        // Then
        assertEquals(FramePixels.fileBytes(1, 3), file.remaining());
        for (ByteBuffer wrong : new ByteBuffer[] {longer, shorter}) {
            DefectException defect =
                    assertThrows(DefectException.class, () -> FramePixels.file(FrameSource.GREY, wrong, 1, 3));
            assertEquals(ProblemCode.IMAGE_TRUNCATED, defect.code());
        }
    }

    @Test
    void refusesADecodedFrameOfOtherDimensions() {
        // Given
        ByteBuffer[] wrong = {pam(3, 1, 1, "010203"), pam(1, 3, 3, "010203040506070809"), bytes(""), bytes("5037")};

        for (ByteBuffer frame : wrong) {
            // When
            DefectException defect =
                    assertThrows(DefectException.class, () -> FramePixels.file(FrameSource.DECODED_GREY, frame, 1, 3));

            // Then
            assertEquals(ProblemCode.IMAGE_UNREADABLE, defect.code());
        }
    }

    private static ByteBuffer pam(int width, int height, int depth, String pixels) {
        byte[] header = ("P7\nWIDTH " + width + "\nHEIGHT " + height + "\nDEPTH " + depth
                        + "\nMAXVAL 255\nTUPLTYPE RGB\nENDHDR\n")
                .getBytes(StandardCharsets.US_ASCII);
        ByteBuffer body = bytes(pixels);
        return ByteBuffer.allocate(header.length + body.remaining())
                .put(header)
                .put(body)
                .flip();
    }

    private static ByteBuffer bytes(String hex) {
        return ByteBuffer.wrap(java.util.HexFormat.of().parseHex(hex.replace(" ", "")));
    }

    /** By another decoder, as hexadecimal RGB. */
    private static String decoded(ByteBuffer file) throws IOException {
        byte[] bytes = new byte[file.remaining()];
        file.get(0, bytes);
        var image = ImageIO.read(new ByteArrayInputStream(bytes));
        StringBuilder pixels = new StringBuilder();
        Arrays.stream(image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth()))
                .forEach(pixel -> pixels.append(String.format("%06x", pixel & 0xFFFFFF)));
        return pixels.toString();
    }
}
