package io.leukostream.ingest.sanitising;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leukostream.ingest.Pictures;
import io.leukostream.ingest.domain.MediaType;
import io.leukostream.ingest.domain.ProblemCode;
import io.leukostream.simulator.planted.FileParts;
import io.leukostream.simulator.planted.Planted;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SanitiserTest {
    private static final String IDENTIFIER = "Annabella-Zwickelmeier-4711";

    private final Sanitiser sanitiser = new Sanitiser();

    static Stream<Arguments> plain() throws IOException {
        return Stream.of(
                Arguments.of("bmp", MediaType.BMP, Pictures.noise("bmp", 1)),
                Arguments.of("bmp, palette", MediaType.BMP, encoded("bmp", null, indexed())),
                Arguments.of("bmp, padded", MediaType.BMP, FileParts.join(Pictures.noise("bmp", 1), new byte[2])),
                Arguments.of("png", MediaType.PNG, Pictures.noise("png", 1)),
                Arguments.of("png, palette", MediaType.PNG, encoded("png", null, indexed())),
                Arguments.of("png, 16 bit", MediaType.PNG, encoded("png", null, noise(BufferedImage.TYPE_USHORT_GRAY))),
                Arguments.of("png, alpha", MediaType.PNG, encoded("png", null, noise(BufferedImage.TYPE_4BYTE_ABGR))),
                Arguments.of("png, numbers", MediaType.PNG, pngWithNumbers()),
                Arguments.of("jpeg", MediaType.JPEG, Pictures.noise("jpeg", 1)),
                Arguments.of("jpeg, grey", MediaType.JPEG, encoded("jpeg", null, noise(BufferedImage.TYPE_BYTE_GRAY))),
                Arguments.of("jpeg, progressive", MediaType.JPEG, progressive()),
                Arguments.of("tiff", MediaType.TIFF, Pictures.noise("tiff", 1)),
                Arguments.of("tiff, LZW", MediaType.TIFF, encoded("tiff", "LZW", noise(BufferedImage.TYPE_3BYTE_BGR))),
                Arguments.of("tiff, Deflate", MediaType.TIFF, encoded("tiff", "Deflate", indexed())),
                Arguments.of(
                        "tiff, PackBits",
                        MediaType.TIFF,
                        encoded("tiff", "PackBits", noise(BufferedImage.TYPE_BYTE_GRAY))),
                Arguments.of(
                        "tiff, JPEG", MediaType.TIFF, encoded("tiff", "JPEG", noise(BufferedImage.TYPE_3BYTE_BGR))),
                Arguments.of("webp, lossless", MediaType.WEBP, Pictures.webpLossless()),
                Arguments.of("webp, lossy", MediaType.WEBP, Pictures.webpLossy()),
                Arguments.of("webp, extended", MediaType.WEBP, Pictures.webpExtended()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("plain")
    void aFileWithoutMetadataComesOutAsItWentIn(String name, MediaType mediaType, byte[] file) {
        // When
        Sanitising sanitising = sanitiser.sanitise(mediaType, ByteBuffer.wrap(file));

        // Then
        Sanitising.Clean clean = assertInstanceOf(Sanitising.Clean.class, sanitising);
        assertFalse(clean.rewritten());
        assertArrayEquals(file, bytes(clean));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("plain")
    void nothingOfAnIdentifierStaysAndThePixelsDo(String name, MediaType mediaType, byte[] file) throws IOException {
        // Given
        byte[] planted = planted(mediaType, file);
        assertTrue(Planted.isIn(planted, IDENTIFIER));

        // When
        Sanitising sanitising = sanitiser.sanitise(mediaType, ByteBuffer.wrap(planted));

        // Then
        Sanitising.Clean clean = assertInstanceOf(Sanitising.Clean.class, sanitising);
        byte[] left = bytes(clean);
        assertTrue(clean.rewritten());
        for (int length = 4; length <= IDENTIFIER.length(); length++) {
            assertFalse(Planted.isIn(left, IDENTIFIER.substring(0, length)), "the first " + length + " letters");
        }
        if (mediaType == MediaType.JPEG || mediaType == MediaType.PNG) {
            // Both have no places that are filled with zeros: it is the very file again.
            assertArrayEquals(Arrays.copyOf(file, left.length), left);
        }
        if (mediaType == MediaType.WEBP) {
            assertArrayEquals(file, left);
        } else {
            assertEqualPixels(
                    ImageIO.read(new ByteArrayInputStream(file)), ImageIO.read(new ByteArrayInputStream(left)));
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("plain")
    void anyDamageIsRewrittenOrRefused(String name, MediaType mediaType, byte[] file) {
        // Given
        long seed = System.nanoTime();
        Random random = new Random(seed);
        byte[] planted = planted(mediaType, file);
        for (int round = 0; round < 3000; round++) {
            byte[] damaged =
                    Arrays.copyOf(planted, round % 3 == 0 ? random.nextInt(planted.length) + 1 : planted.length);
            for (int k = random.nextInt(4); k >= 0; k--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            }
            try {
                // When
                Sanitising sanitising = sanitiser.sanitise(mediaType, ByteBuffer.wrap(damaged));

                // Then
                if (sanitising instanceof Sanitising.Clean clean) {
                    assertTrue(clean.bytes().remaining() <= damaged.length);
                }
            } catch (RuntimeException e) {
                throw new AssertionError(name + " with seed " + seed, e);
            }
        }
    }

    @Test
    void metadataOfStreamsWithinATiffIsMadeZero() throws IOException {
        // Given
        byte[] file = encoded("tiff", "JPEG", noise(BufferedImage.TYPE_3BYTE_BGR));
        byte[] planted = commentInStrip(file);
        assertTrue(Planted.isIn(planted, IDENTIFIER));

        // When
        Sanitising sanitising = sanitiser.sanitise(MediaType.TIFF, ByteBuffer.wrap(planted));

        // Then
        byte[] left = bytes(assertInstanceOf(Sanitising.Clean.class, sanitising));
        assertFalse(Planted.isIn(left, IDENTIFIER));
        assertEqualPixels(
                ImageIO.read(new ByteArrayInputStream(planted)), ImageIO.read(new ByteArrayInputStream(left)));
    }

    @Test
    void aBitmapsProfileGoes() {
        // Given a BITMAPV5HEADER that names a linked profile after the pixels
        byte[] text = Planted.written(IDENTIFIER);
        ByteBuffer file = ByteBuffer.allocate(138 + 4 + text.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(new byte[] {'B', 'M'})
                .putInt(138 + 4 + text.length)
                .putInt(0)
                .putInt(138)
                .putInt(124)
                .putInt(1)
                .putInt(1)
                .putShort((short) 1)
                .putShort((short) 24)
                .putInt(0);
        file.putInt(70, 0x4C494E4B).put(74, text, 0, 48).putInt(126, 142).putInt(130, text.length);
        file.put(138, new byte[] {1, 2, 3, 0}).put(142, text);

        // When
        Sanitising sanitising = sanitiser.sanitise(MediaType.BMP, ByteBuffer.wrap(file.array()));

        // Then
        byte[] left = bytes(assertInstanceOf(Sanitising.Clean.class, sanitising));
        assertEquals(142, left.length);
        assertFalse(Planted.isIn(left, IDENTIFIER.substring(0, 4)));
        assertArrayEquals(new byte[] {1, 2, 3, 0}, FileParts.slice(left, 138, 142));
    }

    @Test
    void whatIsNotKnownIsRefused() {
        // Given
        byte[] jpeg = Pictures.noise("jpeg", 1);
        byte[] reserved = FileParts.join(
                FileParts.join(FileParts.slice(jpeg, 0, 2), new byte[] {(byte) 0xFF, 0x02, 0, 6, 'A', 'n', 'n', 'a'}),
                FileParts.slice(jpeg, 2, jpeg.length));
        ByteArrayOutputStream critical = new ByteArrayOutputStream();
        byte[] png = Pictures.noise("png", 1);
        critical.write(png, 0, 33);
        FileParts.chunk(critical, "NAME", new byte[] {'A', 'n', 'n', 'a'});
        critical.write(png, 33, png.length - 33);
        ByteArrayOutputStream animation = new ByteArrayOutputStream();
        animation.writeBytes(new byte[] {'R', 'I', 'F', 'F', 40, 0, 0, 0, 'W', 'E', 'B', 'P'});
        FileParts.riff(animation, "VP8X", new byte[] {2, 0, 0, 0, 0, 0, 0, 0, 0, 0});
        FileParts.riff(animation, "ANIM", new byte[10]);

        // Then
        assertEquals(ProblemCode.METADATA_NOT_REMOVABLE, refusal(MediaType.JPEG, reserved));
        assertEquals(ProblemCode.METADATA_NOT_REMOVABLE, refusal(MediaType.PNG, critical.toByteArray()));
        assertEquals(ProblemCode.METADATA_NOT_REMOVABLE, refusal(MediaType.WEBP, animation.toByteArray()));
    }

    @Test
    void aTiffWhoseValuesLieOverItsDirectoryIsRefused() {
        // Given: the directory's entries move when metadata goes, and would take the value along
        byte[] file = Pictures.noise("tiff", 1);
        ByteBuffer bytes = ByteBuffer.wrap(file).order(file[0] == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        int directory = bytes.getInt(4);
        for (int k = 0; k < bytes.getShort(directory); k++) {
            int entry = directory + 2 + 12 * k;
            if (bytes.getShort(entry) == 258) {
                bytes.putInt(entry + 8, directory + 2);
            }
        }

        // Then
        assertEquals(ProblemCode.IMAGE_UNREADABLE, refusal(MediaType.TIFF, file));
    }

    @Test
    void aBitmapWithAPixelWhoseColourThePaletteDoesNotHaveIsRefused() {
        // Given: two colours of the 256 that its bits can name; what lies behind the palette is removed
        ByteBuffer file = ByteBuffer.allocate(54 + 8 + 8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(new byte[] {'B', 'M'})
                .putInt(70)
                .putInt(0)
                .putInt(62)
                .putInt(40)
                .putInt(3)
                .putInt(2)
                .putShort((short) 1)
                .putShort((short) 8);
        file.putInt(46, 2);
        file.put(62, new byte[] {0, 1, 1, 0, 1, 0, 1, 0});

        // Then
        assertInstanceOf(Sanitising.Clean.class, sanitiser.sanitise(MediaType.BMP, ByteBuffer.wrap(file.array())));
        file.put(67, (byte) 2);
        assertEquals(ProblemCode.IMAGE_UNREADABLE, refusal(MediaType.BMP, file.array()));
    }

    private ProblemCode refusal(MediaType mediaType, byte[] file) {
        return assertInstanceOf(Sanitising.Refused.class, sanitiser.sanitise(mediaType, ByteBuffer.wrap(file)))
                .problem()
                .code();
    }

    private static byte[] planted(MediaType mediaType, byte[] file) {
        return switch (mediaType) {
            case BMP -> Planted.bmp(file, IDENTIFIER);
            case JPEG -> Planted.jpeg(file, IDENTIFIER);
            case PNG -> Planted.png(file, IDENTIFIER);
            case TIFF -> Planted.tiff(file, IDENTIFIER);
            case WEBP -> Planted.webp(file, IDENTIFIER);
        };
    }

    /** Moves the first strip of a TIFF to its end, with a comment after the strip's SOI. */
    private static byte[] commentInStrip(byte[] file) {
        ByteOrder order = file[0] == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
        ByteBuffer in = ByteBuffer.wrap(file).order(order);
        byte[] text = Planted.written(IDENTIFIER);
        byte[] comment = FileParts.join(new byte[] {(byte) 0xFF, (byte) 0xFE, 0, (byte) (text.length + 2)}, text);
        int directory = in.getInt(4);
        int at = 0;
        int length = 0;
        int offsetsAt = 0;
        int lengthsAt = 0;
        for (int k = 0; k < in.getShort(directory); k++) {
            int entry = directory + 2 + 12 * k;
            int size = in.getShort(entry + 2) == 3 ? 2 : 4;
            int valueAt = in.getInt(entry + 4) * size <= 4 ? entry + 8 : in.getInt(entry + 8);
            if (Short.toUnsignedInt(in.getShort(entry)) == 273) {
                offsetsAt = valueAt;
                at = in.getInt(valueAt);
            } else if (Short.toUnsignedInt(in.getShort(entry)) == 279) {
                assertEquals(4, size, "lengths are LONG");
                lengthsAt = valueAt;
                length = in.getInt(valueAt);
            }
        }
        byte[] strip = FileParts.slice(file, at, at + length);
        byte[] longer = FileParts.join(
                FileParts.join(FileParts.slice(strip, 0, 2), comment), FileParts.slice(strip, 2, strip.length));
        ByteBuffer out = ByteBuffer.wrap(FileParts.join(file, longer)).order(order);
        out.putInt(offsetsAt, file.length).putInt(lengthsAt, longer.length);
        return out.array();
    }

    private static byte[] pngWithNumbers() {
        byte[] png = Pictures.noise("png", 1);
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.write(png, 0, 33);
        FileParts.chunk(file, "gAMA", new byte[] {0, 0, (byte) 0xB1, (byte) 0x8F});
        FileParts.chunk(file, "sRGB", new byte[] {0});
        FileParts.chunk(file, "sBIT", new byte[] {8, 8, 8});
        FileParts.chunk(file, "pHYs", new byte[] {0, 0, 0x0B, 0x13, 0, 0, 0x0B, 0x13, 1});
        FileParts.chunk(file, "bKGD", new byte[] {0, (byte) 0xFF, 0, (byte) 0xFF, 0, (byte) 0xFF});
        file.write(png, 33, png.length - 33);
        return file.toByteArray();
    }

    private static byte[] progressive() throws IOException {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        ImageWriteParam settings = writer.getDefaultWriteParam();
        settings.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
        return write(writer, settings, noise(BufferedImage.TYPE_3BYTE_BGR));
    }

    private static byte[] encoded(String format, String compression, BufferedImage image) throws IOException {
        ImageWriter writer = ImageIO.getImageWritersByFormatName(format).next();
        ImageWriteParam settings = writer.getDefaultWriteParam();
        if (compression != null) {
            settings.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            settings.setCompressionType(compression);
        }
        return write(writer, settings, image);
    }

    private static byte[] write(ImageWriter writer, ImageWriteParam settings, BufferedImage image) throws IOException {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(file)) {
            writer.setOutput(out);
            writer.write(null, new IIOImage(image, null, null), settings);
        } finally {
            writer.dispose();
        }
        return file.toByteArray();
    }

    private static BufferedImage indexed() {
        return noise(BufferedImage.TYPE_BYTE_INDEXED);
    }

    private static BufferedImage noise(int type) {
        BufferedImage image = new BufferedImage(40, 24, type);
        Random random = new Random(type);
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                image.setRGB(x, y, random.nextInt());
            }
        }
        return image;
    }

    private static void assertEqualPixels(BufferedImage before, BufferedImage after) {
        assertEquals(before.getWidth(), after.getWidth());
        assertEquals(before.getHeight(), after.getHeight());
        int[] expected = before.getRaster().getPixels(0, 0, before.getWidth(), before.getHeight(), (int[]) null);
        int[] actual = after.getRaster().getPixels(0, 0, after.getWidth(), after.getHeight(), (int[]) null);
        assertArrayEquals(expected, actual);
    }

    private static byte[] bytes(Sanitising.Clean clean) {
        byte[] bytes = new byte[clean.bytes().remaining()];
        clean.bytes().duplicate().get(bytes);
        return bytes;
    }
}
