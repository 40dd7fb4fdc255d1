package io.leukostream.simulator.hostile;

import io.leukostream.simulator.hostile.HostileImage.Demand;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Draws hostile files. Equal seed and number make the equal file; numbers go through the families in turn, so that any
 * {@link #families()} numbers in a row have one of each. No file is larger than a MiB, whatever it claims or unpacks to.
 * Safe for use by several threads.
 */
public final class HostileImages {
    private static final long MIXER = 0x9E3779B97F4A7C15L;
    private static final int EXTREME = Integer.MAX_VALUE;
    private static final String[] PIXEL_SIZES = {
        "NaN", "-0.1", "Infinity", "-Infinity", "0", "1e-9", "1e400", "6000", "0x1p-3", "0,125", "abc", "7.5"
    };
    private static final String[] NAMES = {
        "../../../../etc/passwd.png",
        "..\\..\\windows\\win.ini.png",
        "/etc/shadow.png",
        "%2e%2e%2f%2e%2e%2fx.png",
        "Zelle №1 李 – Änne.png",
        "a\u202Egnp.exe.png",
        "\u0000.png",
        "line\r\nX-Injected: 1.png",
        "'; DROP TABLE image;--.png",
        "${jndi:ldap:x}.png",
        "\"quoted\".png",
        "e\u0301\uD83E\uDDA0.png",
        "CON.png",
        "-rf.png",
        "x".repeat(250) + ".png",
        "name"
    };

    private final long seed;
    private final List<Family> families;
    private final byte[] wideZeros = PngBytes.deflatedZeros(9_900L * (1 + (9_900 + 7) / 8));
    private final byte[] manyZeros = PngBytes.deflatedZeros(128L << 20);

    /** How the files of one family are drawn. */
    @FunctionalInterface
    private interface Drawing {
        HostileFile draw(Random random);
    }

    private record Family(String name, Drawing drawing) {}

    /** A file before it has its number. */
    @SuppressWarnings("ArrayRecordComponent") // handed over once, compared by nobody
    private record HostileFile(
            byte[] bytes, Demand demand, @Nullable String pixelSize, String fileName, String contentType) {
        static HostileFile of(byte[] bytes, Demand demand) {
            return new HostileFile(bytes, demand, null, "cell.png", "application/octet-stream");
        }

        static HostileFile refuse(byte[] bytes) {
            return of(bytes, Demand.REFUSE);
        }

        static HostileFile decide(byte[] bytes) {
            return of(bytes, Demand.DECIDE);
        }

        static HostileFile accept(byte[] bytes) {
            return of(bytes, Demand.ACCEPT);
        }
    }

    /**
     * Files of a seed.
     *
     * @param seed another seed, other files
     */
    public HostileImages(long seed) {
        this.seed = seed;
        this.families = drawings();
    }

    /** How many families there are. */
    public int families() {
        return families.size();
    }

    /** The files of the numbers 0, 1, …, made as they are asked for. */
    public Stream<HostileImage> take(int count) {
        return IntStream.range(0, count).mapToObj(this::image);
    }

    /**
     * One file.
     *
     * @param number from 0
     */
    public HostileImage image(int number) {
        Family family = families.get(number % families.size());
        HostileFile file = family.drawing().draw(new Random(seed * MIXER + number));
        return new HostileImage(
                number,
                family.name(),
                file.fileName(),
                file.contentType(),
                file.bytes(),
                file.pixelSize(),
                file.demand());
    }

    /** A sound file to be sent among the others: a small picture of noise. */
    public byte[] good(int number) {
        return Pictures.noise("png", new Random(~seed * MIXER + number));
    }

    private List<Family> drawings() {
        List<Family> all = new ArrayList<>();
        cut(all);
        swollen(all);
        absurd(all);
        wrongSums(all);
        mixed(all);
        odd(all);
        animated(all);
        stated(all);
        return List.copyOf(all);
    }

    private static void cut(List<Family> all) {
        all.add(new Family("PNG cut at a boundary", random -> {
            byte[] png = Pictures.noise("png", random);
            return cutAt(png, PngBytes.boundaries(png), random);
        }));
        all.add(new Family("JPEG cut at a boundary", random -> {
            byte[] jpeg = Pictures.noise("jpeg", random);
            return cutAt(jpeg, JpegBytes.boundaries(jpeg), random);
        }));
        all.add(new Family("progressive JPEG cut at a boundary", random -> {
            byte[] jpeg = Pictures.progressiveJpeg(Pictures.noise(random, 64, 48));
            return cutAt(jpeg, JpegBytes.boundaries(jpeg), random);
        }));
        all.add(new Family("BMP cut at a boundary", random -> {
            byte[] bmp = Pictures.noise("bmp", random);
            return cutAt(bmp, List.of(0, 1, 2, 6, 10, 14, 18, 22, 26, 28, 30, 34, 38, 54, 60, bmp.length - 1), random);
        }));
        all.add(new Family("TIFF cut at a boundary", random -> {
            byte[] tiff = Pictures.noise("tiff", random);
            return cutAt(tiff, TiffBytes.boundaries(tiff), random);
        }));
        all.add(new Family("WebP cut at a boundary", random -> {
            byte[] webp = random.nextBoolean() ? Pictures.webpLossy() : Pictures.webpLossless();
            return cutAt(webp, List.of(0, 1, 4, 8, 12, 16, 20, 21, 23, 25, 26, 30, webp.length - 2), random);
        }));
        all.add(new Family("cut anywhere", random -> {
            byte[] png = Pictures.noise("png", random);
            return HostileFile.refuse(Arrays.copyOf(png, random.nextInt(png.length)));
        }));
        all.add(new Family("empty or a few bytes", random -> {
            byte[] few = new byte[random.nextInt(16)];
            random.nextBytes(few);
            return HostileFile.refuse(few);
        }));
    }

    private void swollen(List<Family> all) {
        all.add(new Family(
                "PNG of 98 megapixels in a few kilobytes",
                random -> HostileFile.decide(new PngBytes()
                        .header(9_900, 9_900, 1, PngBytes.GREY)
                        .chunk("tEXt", Bytes.text("n\0" + random.nextLong()))
                        .chunk("IDAT", wideZeros)
                        .end())));
        all.add(new Family(
                "PNG whose pixels unpack to far more than it states",
                random -> HostileFile.decide(new PngBytes()
                        .header(8 + random.nextInt(500), 16, 8, PngBytes.COLOUR)
                        .chunk("IDAT", manyZeros)
                        .end())));
        all.add(new Family("PNG with a swollen text or profile", random -> {
            byte[] name = Bytes.text(random.nextBoolean() ? "Comment\0\0" : "icc\0\0");
            PngBytes more = new PngBytes().chunk(name.length > 6 ? "zTXt" : "iCCP", Bytes.joined(name, manyZeros));
            return HostileFile.decide(PngBytes.withAfterHeader(Pictures.noise("png", random), more));
        }));
        all.add(new Family(
                "TIFF of a few pixels with a giant tile",
                random -> HostileFile.refuse(
                        TiffBytes.grey(16, 16, true, 16 * (1_000 + random.nextInt(1_000)), 16 * 1_000, wideZeros))));
        all.add(new Family(
                "TIFF whose strip unpacks to far more than it states",
                random ->
                        HostileFile.decide(TiffBytes.grey(64, 64 + random.nextInt(64), false, 0, EXTREME, manyZeros))));
        all.add(new Family(
                "JPEG with twenty thousand scans",
                random -> HostileFile.refuse(JpegBytes.withRepeatedScan(
                        JpegBytes.withSize(Pictures.progressiveJpeg(Pictures.noise(random, 64, 64)), 9_000, 9_000),
                        20_000))));
        all.add(new Family(
                "JPEG of 98 megapixels in a few kilobytes",
                random -> HostileFile.decide(JpegBytes.withSize(Pictures.noise("jpeg", random), 9_900, 9_900))));
    }

    private static void absurd(List<Family> all) {
        all.add(new Family("PNG with absurd dimensions", random -> {
            int[][] sizes = {
                {EXTREME, EXTREME}, {0, 10}, {10, 0}, {-1, 10}, {Integer.MIN_VALUE, 1}, {1, EXTREME}, {60_000, 60_000}
            };
            int[] size = sizes[random.nextInt(sizes.length)];
            return HostileFile.refuse(new PngBytes()
                    .header(size[0], size[1], 8, PngBytes.COLOUR)
                    .chunk("IDAT", noise(random, 40))
                    .end());
        }));
        all.add(new Family("JPEG with absurd dimensions", random -> {
            int[][] sizes = {{0, 10}, {10, 0}, {0, 0}, {65_535, 65_535}, {65_535, 2_000}};
            int[] size = sizes[random.nextInt(sizes.length)];
            return HostileFile.refuse(JpegBytes.withSize(Pictures.noise("jpeg", random), size[0], size[1]));
        }));
        all.add(new Family("an image of hardly any pixels", random -> {
            int[][] sizes = {{1, 1}, {1, 500}, {500, 1}, {2, 2}, {3, 1}};
            int[] size = sizes[random.nextInt(sizes.length)];
            String[] formats = {"png", "jpeg", "bmp", "tiff"};
            return HostileFile.accept(
                    Pictures.encoded(formats[random.nextInt(4)], Pictures.noise(random, size[0], size[1])));
        }));
        all.add(new Family("BMP with absurd dimensions", random -> {
            int[] numbers = {EXTREME, Integer.MIN_VALUE, 0, 1 << 30, 1 << 16};
            byte[] bmp = Pictures.noise("bmp", random);
            return HostileFile.refuse(Bytes.with(
                    bmp,
                    random.nextBoolean() ? 18 : 22,
                    ByteOrder.LITTLE_ENDIAN,
                    numbers[random.nextInt(numbers.length)]));
        }));
        all.add(new Family("TIFF with absurd dimensions", random -> {
            int[][] sizes = {{-1, -1}, {0, 5}, {5, 0}, {1 << 30, 4}, {70_000, 70_000}};
            int[] size = sizes[random.nextInt(sizes.length)];
            return HostileFile.refuse(TiffBytes.grey(size[0], size[1], false, 0, size[1], noise(random, 40)));
        }));
        all.add(new Family(
                "WebP with absurd dimensions",
                random -> HostileFile.refuse(riff(Bytes.joined(
                        chunk("VP8X", Bytes.joined(new byte[4], new byte[] {-1, -1, -1, -1, -1, (byte) random.nextInt()
                        })),
                        chunk("VP8L", Arrays.copyOfRange(Pictures.webpLossless(), 20, 37)))))));
    }

    private static void wrongSums(List<Family> all) {
        all.add(new Family("PNG with a wrong checksum", random -> {
            int damaged = random.nextInt(3);
            int bits = 1 + random.nextInt(EXTREME);
            byte[] rows = new byte[20 * (1 + 3 * 20)];
            for (int at = 1; at < rows.length; at++) {
                rows[at] = (byte) (at % 61 == 0 ? 0 : random.nextInt());
            }
            return HostileFile.decide(new PngBytes()
                    .chunk(
                            "IHDR",
                            ByteBuffer.allocate(13)
                                    .putInt(20)
                                    .putInt(20)
                                    .put((byte) 8)
                                    .put((byte) 2)
                                    .array(),
                            damaged == 0 ? bits : 0)
                    .chunk("IDAT", PngBytes.deflated(rows), damaged == 1 ? bits : 0)
                    .chunk("gAMA", new byte[] {0, 0, 1, 0}, damaged == 2 ? bits : 0)
                    .end());
        }));
        String[] formats = {"png", "jpeg", "bmp", "tiff"};
        for (String format : formats) {
            all.add(new Family(format + " with flipped bits", random -> {
                byte[] file = Pictures.noise(format, random);
                for (int flips = 1 + random.nextInt(12); flips > 0; flips--) {
                    int at = random.nextBoolean()
                            ? random.nextInt(Math.min(file.length, 200))
                            : random.nextInt(file.length);
                    file[at] ^= (byte) (1 << random.nextInt(8));
                }
                return HostileFile.decide(file);
            }));
        }
        all.add(new Family("WebP with flipped bits", random -> {
            byte[] file = random.nextBoolean() ? Pictures.webpLossy() : Pictures.webpLossless();
            for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
                file[random.nextInt(file.length)] ^= (byte) (1 << random.nextInt(8));
            }
            return HostileFile.decide(file);
        }));
    }

    private static void mixed(List<Family> all) {
        all.add(new Family(
                "PNG and ZIP in one",
                random -> HostileFile.accept(Bytes.joined(
                        Pictures.noise("png", random),
                        Bytes.text("PK\3\4"),
                        noise(random, 60),
                        Bytes.text("PK\5\6"),
                        new byte[18]))));
        all.add(new Family(
                "JPEG and HTML in one",
                random -> HostileFile.accept(JpegBytes.withSegment(
                        Pictures.noise("jpeg", random),
                        0xFE,
                        Bytes.text("--><html><script>alert(" + random.nextInt() + ")</script>")))));
        all.add(new Family("a page or an archive before an image", random -> {
            String[] starts = {"<html><body>", "%PDF-1.7\n", "PK\3\4", "MZ", "#!/bin/sh\n", "<?xml version='1.0'?><svg>"
            };
            return HostileFile.refuse(
                    Bytes.joined(Bytes.text(starts[random.nextInt(starts.length)]), Pictures.noise("png", random)));
        }));
        all.add(new Family("another format under an image's name", random -> {
            String[] starts = {
                "\0\0\0\u0018ftypheic",
                "\0\0\0\u0018ftypavif",
                "8BPS\0\1",
                "\u008aMNG\r\n\u001a\n",
                "BM",
                "RIFF\20\0\0\0WAVE"
            };
            return HostileFile.refuse(Bytes.joined(
                    Bytes.text(starts[random.nextInt(starts.length)]), Bytes.text("text " + random.nextLong())));
        }));
        all.add(new Family(
                "wrong extension and content type",
                random -> new HostileFile(
                        Pictures.noise(random.nextBoolean() ? "jpeg" : "bmp", random),
                        Demand.ACCEPT,
                        null,
                        "cell.tiff.exe",
                        "text/html")));
        all.add(new Family(
                "JPEG with EXIF that turns it",
                random -> HostileFile.accept(
                        JpegBytes.withSegment(Pictures.noise("jpeg", random), 0xE1, exif(1 + random.nextInt(8), 8)))));
        all.add(new Family(
                "JPEG with EXIF that points nowhere",
                random -> HostileFile.accept(JpegBytes.withSegment(
                        Pictures.noise("jpeg", random), 0xE1, exif(random.nextInt(), random.nextInt())))));
    }

    private static void odd(List<Family> all) {
        all.add(new Family("PNG of 16 bits", random -> {
            int colour = random.nextBoolean() ? PngBytes.COLOUR : PngBytes.COLOUR_WITH_ALPHA;
            int side = 20 + random.nextInt(20);
            int rowBytes = 1 + side * 2 * (colour == PngBytes.COLOUR ? 3 : 4);
            byte[] rows = noise(random, side * rowBytes);
            for (int y = 0; y < side; y++) {
                rows[y * rowBytes] = 0;
            }
            return HostileFile.refuse(new PngBytes()
                    .header(side, side, 16, colour)
                    .chunk("IDAT", PngBytes.deflated(rows))
                    .end());
        }));
        all.add(new Family("TIFF or PNG of 16 bits and one channel", random -> {
            BufferedImage grey = new BufferedImage(30 + random.nextInt(30), 30, BufferedImage.TYPE_USHORT_GRAY);
            for (int x = 0; x < 30; x++) {
                grey.getRaster().setSample(x, x, 0, random.nextInt(1 << 16));
            }
            return HostileFile.refuse(Pictures.encoded(random.nextBoolean() ? "tiff" : "png", grey));
        }));
        all.add(new Family(
                "CMYK or YCCK JPEG",
                random -> HostileFile.accept(JpegBytes.withSegment(Pictures.fourChannelJpeg(random), 0xEE, new byte[] {
                    'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, (byte) (random.nextBoolean() ? 0 : 2)
                }))));
        all.add(new Family("PNG with a palette", random -> {
            byte[] colours = noise(random, 16);
            BufferedImage image = new BufferedImage(
                    40,
                    30,
                    BufferedImage.TYPE_BYTE_BINARY,
                    new IndexColorModel(4, 16, colours, noise(random, 16), colours));
            for (int k = 0; k < 1200; k++) {
                image.getRaster().setSample(k % 40, k / 40, 0, random.nextInt(16));
            }
            return HostileFile.accept(Pictures.encoded("png", image));
        }));
        all.add(new Family(
                "PNG with a palette that is too short",
                random -> HostileFile.decide(new PngBytes()
                        .header(32, 32, 8, PngBytes.PALETTE)
                        .chunk("PLTE", noise(random, 3 * (1 + random.nextInt(3))))
                        .chunk("IDAT", PngBytes.deflated(noise(random, 32 * 33)))
                        .end())));
        all.add(new Family(
                "progressive JPEG",
                random -> HostileFile.accept(
                        Pictures.progressiveJpeg(Pictures.noise(random, 40 + random.nextInt(40), 50)))));
        all.add(new Family("JPEG of a coding that is not supported", random -> {
            int[] codings = {0xC1, 0xC3, 0xC5, 0xC9, 0xCA, 0xCF};
            return HostileFile.decide(JpegBytes.withCoding(
                    Pictures.noise("jpeg", random),
                    codings[random.nextInt(codings.length)],
                    random.nextBoolean() ? 8 : 12));
        }));
        all.add(new Family(
                "BigTIFF",
                random -> HostileFile.refuse(Bytes.joined(
                        Bytes.text("II+\0\10\0\0\0"),
                        Bytes.littleEndian(16, 0, 1, random.nextInt()),
                        noise(random, 40)))));
        all.add(new Family(
                "TIFF of several pages", random -> HostileFile.decide(Pictures.pages(random, 2 + random.nextInt(3)))));
        all.add(new Family(
                "TIFF whose directories go round",
                random -> HostileFile.decide(new TiffBytes()
                        .tag(TiffBytes.WIDTH, 8)
                        .tag(TiffBytes.LENGTH, 8)
                        .tag(TiffBytes.BITS, 8)
                        .tag(TiffBytes.COMPRESSION, 1)
                        .tag(TiffBytes.PHOTOMETRIC, 1)
                        .tag(TiffBytes.STRIP_OFFSETS, 8 + 2 + 12 * 8 + 4)
                        .tag(TiffBytes.ROWS_PER_STRIP, 8)
                        .tag(TiffBytes.STRIP_BYTES, 64)
                        .with(8, noise(random, 64)))));
    }

    private static void animated(List<Family> all) {
        all.add(new Family(
                "GIF", random -> HostileFile.refuse(Pictures.encoded("gif", Pictures.noise(random, 20, 20)))));
        all.add(new Family("animated GIF", random -> {
            byte[] gif = Pictures.encoded("gif", Pictures.noise(random, 20, 20));
            return HostileFile.refuse(Bytes.joined(
                    Arrays.copyOf(gif, gif.length - 1), Arrays.copyOfRange(gif, 13 + 3 * 256, gif.length)));
        }));
        all.add(new Family("APNG", random -> {
            byte[] control = ByteBuffer.allocate(26)
                    .putInt(0)
                    .putInt(random.nextInt(4) == 0 ? EXTREME : 20)
                    .putInt(20)
                    .putInt(0)
                    .putInt(0)
                    .putInt(random.nextInt())
                    .array();
            PngBytes more = new PngBytes()
                    .chunk(
                            "acTL",
                            ByteBuffer.allocate(8)
                                    .putInt(random.nextInt(4) == 0 ? EXTREME : 2)
                                    .array())
                    .chunk("fcTL", control);
            return HostileFile.refuse(PngBytes.withAfterHeader(Pictures.noise("png", random), more));
        }));
        all.add(new Family("animated WebP", random -> {
            byte[] frame = Bytes.joined(
                    new byte[] {0, 0, 0, 0, 0, 0, 36, 0, 0, 22, 0, 0, 10, 0, 0, 0},
                    Arrays.copyOfRange(Pictures.webpLossless(), 12, Pictures.webpLossless().length));
            return HostileFile.refuse(riff(Bytes.joined(
                    chunk("VP8X", new byte[] {2, 0, 0, 0, 36, 0, 0, 22, 0, 0}),
                    chunk("ANIM", Bytes.joined(noise(random, 4), new byte[2])),
                    chunk("ANMF", frame),
                    chunk("ANMF", frame))));
        }));
        all.add(new Family(
                "WebP whose canvas is not its picture",
                random -> HostileFile.decide(riff(Bytes.joined(
                        chunk(
                                "VP8X",
                                new byte[] {0, 0, 0, 0, (byte) random.nextInt(), 3, 0, (byte) random.nextInt(), 2, 0}),
                        Arrays.copyOfRange(Pictures.webpLossy(), 12, Pictures.webpLossy().length))))));
    }

    private static void stated(List<Family> all) {
        all.add(new Family(
                "a pixel size that no microscope has",
                random -> new HostileFile(
                        Pictures.noise("png", random),
                        Demand.REFUSE,
                        PIXEL_SIZES[random.nextInt(PIXEL_SIZES.length)],
                        "cell.png",
                        "image/png")));
        all.add(new Family(
                "a file name that leads elsewhere",
                random -> new HostileFile(
                        Pictures.noise("png", random),
                        Demand.ACCEPT,
                        null,
                        NAMES[random.nextInt(NAMES.length)],
                        "image/png")));
    }

    private static HostileFile cutAt(byte[] file, List<Integer> boundaries, Random random) {
        return HostileFile.refuse(Arrays.copyOf(file, boundaries.get(random.nextInt(boundaries.size()))));
    }

    private static byte[] noise(Random random, int length) {
        byte[] noise = new byte[length];
        random.nextBytes(noise);
        return noise;
    }

    private static byte[] exif(int orientation, int directoryAt) {
        ByteBuffer exif = ByteBuffer.allocate(6 + 8 + 2 + 12 + 4).order(ByteOrder.LITTLE_ENDIAN);
        exif.put("Exif\0\0".getBytes(StandardCharsets.US_ASCII));
        exif.put((byte) 'I').put((byte) 'I').putShort((short) 42).putInt(directoryAt);
        exif.putShort((short) 1)
                .putShort((short) 0x112)
                .putShort((short) 3)
                .putInt(1)
                .putInt(orientation);
        return exif.array();
    }

    private static byte[] chunk(String type, byte[] content) {
        return Bytes.joined(
                Bytes.text(type), Bytes.littleEndian(content.length), content, new byte[content.length & 1]);
    }

    private static byte[] riff(byte[] chunks) {
        return Bytes.joined(Bytes.text("RIFF"), Bytes.littleEndian(chunks.length + 4), Bytes.text("WEBP"), chunks);
    }
}
