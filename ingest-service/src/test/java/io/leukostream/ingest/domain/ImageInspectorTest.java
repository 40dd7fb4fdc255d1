package io.leukostream.ingest.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.leukostream.ingest.Pictures;
import io.leukostream.simulator.hostile.HostileImages;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageInspectorTest {
    private static final int PIXEL_BUDGET = 100_000_000;

    private final ImageInspector inspector = new ImageInspector(PIXEL_BUDGET);

    static Stream<Arguments> pictures() {
        return Stream.of(
                Arguments.of(MediaType.BMP, Pictures.noise("bmp", 1)),
                Arguments.of(MediaType.PNG, Pictures.noise("png", 1)),
                Arguments.of(MediaType.JPEG, Pictures.noise("jpeg", 1)),
                Arguments.of(MediaType.TIFF, Pictures.noise("tiff", 1)),
                Arguments.of(MediaType.WEBP, Pictures.webpLossless()),
                Arguments.of(MediaType.WEBP, Pictures.webpLossy()),
                Arguments.of(MediaType.WEBP, Pictures.webpExtended()));
    }

    @ParameterizedTest
    @MethodSource("pictures")
    void readsTypeAndDimensionsFromTheBytes(MediaType mediaType, byte[] file) {
        // When
        Inspection inspection = inspector.inspect(ByteBuffer.wrap(file));

        // Then
        assertEquals(
                new Inspection.Sound(new ImageHeader(mediaType, Pictures.WIDTH_PX, Pictures.HEIGHT_PX)), inspection);
    }

    @ParameterizedTest
    @MethodSource("pictures")
    void refusesEveryFileThatWasCutShort(MediaType mediaType, byte[] file) {
        for (int length = 8; length < file.length; length++) {
            // Given
            byte[] cut = Arrays.copyOf(file, length);

            // When
            Inspection inspection = inspector.inspect(ByteBuffer.wrap(cut));

            // Then
            ProblemCode code = refusal(inspection);
            // Of a RIFF container, the first 12 bytes are needed to see that it is a WebP.
            ProblemCode expected = mediaType == MediaType.WEBP && length < 12
                    ? ProblemCode.UNSUPPORTED_MEDIA_TYPE
                    : ProblemCode.IMAGE_TRUNCATED;
            assertEquals(expected, code, mediaType + " cut to " + length + " of " + file.length);
        }
    }

    @ParameterizedTest
    @MethodSource("pictures")
    void survivesAnyDamage(MediaType mediaType, byte[] file) {
        // Given
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 20_000; round++) {
            byte[] damaged = file.clone();
            for (int k = random.nextInt(4); k >= 0; k--) {
                damaged[random.nextInt(Math.min(64, damaged.length))] = (byte) random.nextInt();
            }
            try {
                // When
                Inspection inspection = inspector.inspect(ByteBuffer.wrap(damaged));

                // Then
                if (inspection instanceof Inspection.Sound(ImageHeader header)) {
                    assertEquals(true, (long) header.widthPx() * header.heightPx() <= PIXEL_BUDGET, "the budget holds");
                }
            } catch (RuntimeException e) {
                throw new AssertionError(mediaType + " with seed " + seed, e);
            }
        }
    }

    @Test
    void refusesAHugeHeaderBeforeAnythingElse() {
        // Given
        byte[] header = Pictures.pngHeader(60_000, 60_000);

        // When
        Inspection inspection = inspector.inspect(ByteBuffer.wrap(header));

        // Then
        assertEquals(ProblemCode.PIXEL_BUDGET_EXCEEDED, refusal(inspection));
    }

    @Test
    void countsThePixelsOfTheLargestHeaderWithoutOverflow() {
        // Given a TIFF of (2³²−1)² pixels
        byte[] file = Pictures.noise("tiff", 1);
        overwriteTag(file, 256, 0xFFFFFFFF);
        overwriteTag(file, 257, 0xFFFFFFFF);

        // When
        Inspection inspection = inspector.inspect(ByteBuffer.wrap(file));

        // Then
        assertEquals(ProblemCode.PIXEL_BUDGET_EXCEEDED, refusal(inspection));
    }

    @Test
    void refusesAnEmptyFile() {
        // When
        Inspection inspection = inspector.inspect(ByteBuffer.allocate(0));

        // Then
        assertEquals(ProblemCode.IMAGE_EMPTY, refusal(inspection));
    }

    @Test
    void refusesATextWhateverItsName() {
        // Given
        byte[] text = "BM is how this text begins, and it is no bitmap.".getBytes(StandardCharsets.UTF_8);

        // When
        Inspection inspection = inspector.inspect(ByteBuffer.wrap(text));

        // Then
        assertEquals(ProblemCode.UNSUPPORTED_MEDIA_TYPE, refusal(inspection));
    }

    @Test
    void findsTheEndOfAJpegBeforeTrailingBytes() {
        // Given
        byte[] file = Pictures.noise("jpeg", 2);
        byte[] padded = Arrays.copyOf(file, file.length + 100);

        // When
        Inspection inspection = inspector.inspect(ByteBuffer.wrap(padded));

        // Then
        assertInstanceOf(Inspection.Sound.class, inspection);
    }

    @ParameterizedTest
    @ValueSource(strings = {"JPEG with twenty thousand scans", "TIFF of a few pixels with a giant tile"})
    void refusesWhatWouldKeepADecoderBusyOrFillItsMemory(String family) {
        // Given
        HostileImages images = new HostileImages(1);
        byte[] file = images.take(images.families())
                .filter(image -> image.family().equals(family))
                .findFirst()
                .orElseThrow()
                .file();

        // When
        Inspection inspection = inspector.inspect(ByteBuffer.wrap(file));

        // Then
        assertEquals(ProblemCode.IMAGE_UNREADABLE, refusal(inspection));
    }

    @Test
    void refusesAnAnimationAmongPngs() {
        // Given
        HostileImages images = new HostileImages(1);
        byte[] file = images.take(images.families())
                .filter(image -> image.family().equals("APNG"))
                .findFirst()
                .orElseThrow()
                .file();

        // Then
        assertEquals(ProblemCode.PICTURE_AMBIGUOUS, refusal(inspector.inspect(ByteBuffer.wrap(file))));
    }

    @Test
    void refusesATiffThatNamesATagTwice() {
        // Given: its resolution's tag becomes a second one of the height, of which readers take the first or the last
        byte[] file = Pictures.noise("tiff", 1);
        ByteBuffer bytes = ByteBuffer.wrap(file).order(order(file));
        bytes.putShort(entry(file, 262), (short) 257);

        // When
        Inspection inspection = inspector.inspect(bytes);

        // Then
        assertEquals(ProblemCode.IMAGE_UNREADABLE, refusal(inspection));
    }

    @Test
    void refusesCompressionsThatInferenceDoesNotRead() {
        // Given: a TIFF of fax strips, which no microscope writes, and a run-length coded bitmap
        byte[] fax = Pictures.noise("tiff", 1);
        overwriteTag(fax, 259, 3);
        byte[] bitmap = Pictures.noise("bmp", 1);
        bitmap[28] = 8;
        bitmap[30] = 1;

        // Then
        assertEquals(ProblemCode.PIXEL_FORMAT_UNSUPPORTED, refusal(inspector.inspect(ByteBuffer.wrap(fax))));
        assertEquals(ProblemCode.PIXEL_FORMAT_UNSUPPORTED, refusal(inspector.inspect(ByteBuffer.wrap(bitmap))));
    }

    @Test
    void refusesAWebpWhosePictureLiesOutsideItsContainer() {
        // Given: containers that end within the first chunk, and before the picture
        byte[] within = Pictures.webpLossless();
        within[4] = 14;
        byte[] before = Pictures.webpExtended();
        before[4] = 4 + 18;

        // Then
        assertEquals(ProblemCode.IMAGE_TRUNCATED, refusal(inspector.inspect(ByteBuffer.wrap(within))));
        assertEquals(ProblemCode.IMAGE_UNREADABLE, refusal(inspector.inspect(ByteBuffer.wrap(before))));
    }

    private static ProblemCode refusal(Inspection inspection) {
        return assertInstanceOf(Inspection.Refused.class, inspection).problem().code();
    }

    /** Makes the tag of a TIFF a LONG of that value. */
    private static void overwriteTag(byte[] file, int tag, int value) {
        int entry = entry(file, tag);
        ByteBuffer.wrap(file)
                .order(order(file))
                .putShort(entry + 2, (short) 4)
                .putInt(entry + 4, 1)
                .putInt(entry + 8, value);
    }

    private static ByteOrder order(byte[] file) {
        return file[0] == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
    }

    /** Where a TIFF's tag stands in its directory. */
    private static int entry(byte[] file, int tag) {
        ByteBuffer bytes = ByteBuffer.wrap(file).order(order(file));
        int directory = bytes.getInt(4);
        for (int k = 0; k < bytes.getShort(directory); k++) {
            int entry = directory + 2 + 12 * k;
            if (Short.toUnsignedInt(bytes.getShort(entry)) == tag) {
                return entry;
            }
        }
        throw new AssertionError("the TIFF has no tag " + tag);
    }
}
