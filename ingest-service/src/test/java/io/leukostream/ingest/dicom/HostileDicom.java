package io.leukostream.ingest.dicom;

import io.leukostream.simulator.hostile.HostileImages;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.BiConsumer;
import java.util.zip.Deflater;

/**
 * Draws DICOM files that nobody should send, and sound ones. Equal seed and number make the equal file; numbers go through
 * the families in turn. Written here, since dcmtk does not write what is wrong.
 */
final class HostileDicom {
    private static final long MIXER = 0x9E3779B97F4A7C15L;
    private static final String EXPLICIT = "1.2.840.10008.1.2.1";
    private static final String DEFLATED = "1.2.840.10008.1.2.1.99";
    private static final String JPEG_BASELINE = "1.2.840.10008.1.2.4.50";
    private static final List<String> CODED = List.of(
            JPEG_BASELINE,
            "1.2.840.10008.1.2.4.51",
            "1.2.840.10008.1.2.4.57",
            "1.2.840.10008.1.2.4.70",
            "1.2.840.10008.1.2.4.80",
            "1.2.840.10008.1.2.4.90",
            "1.2.840.10008.1.2.4.100",
            "1.2.840.10008.1.2.5");
    private static final List<String> NUMBERS =
            List.of("-1", "0", "1e9", "2147483648", "99999999999999999999", "NaN", "many", "", "1\\2", "0x10");
    private static final List<String> SPACINGS = List.of(
            "NaN\\NaN",
            "-1\\-1",
            "0\\0",
            "1e400\\1e400",
            "inf\\inf",
            "\\\\\\",
            "0.0001",
            "1\\2\\3",
            "0.0001\\0.9",
            "a\\b");
    private static final List<String> TEXTS = List.of(
            "",
            " ",
            "x".repeat(64),
            "y".repeat(4_000),
            "../../etc/passwd",
            "a\\b",
            "^^^",
            "\u0000\u0001\u001b$)C",
            "\u202egnp",
            "%s%n",
            "'; drop table patient;--",
            "${jndi:ldap:x}");
    private static final int DEEP = 300;
    private static final int BOMB_BYTES = 4 << 20;

    private final long seed;
    private final HostileImages images;
    private final byte[] deflatedZeros = deflated(new byte[BOMB_BYTES]);
    private final List<BiConsumer<Instance, Random>> families;

    HostileDicom(long seed) {
        this.seed = seed;
        this.images = new HostileImages(seed);
        this.families = List.of(
                HostileDicom::cut,
                HostileDicom::flipped,
                HostileDicom::ofLyingLength,
                HostileDicom::ofAbsurdShape,
                HostileDicom::ofAbsurdFrames,
                HostileDicom::ofAbsurdSpacing,
                HostileDicom::ofAbsurdColour,
                HostileDicom::ofAbsurdText,
                HostileDicom::ofAbsurdDay,
                HostileDicom::ofAnotherClass,
                HostileDicom::ofOtherPixels,
                this::ofHostileStream,
                this::ofNoise,
                HostileDicom::ofWrongItems,
                HostileDicom::ofWrongSyntax,
                HostileDicom::ofDeepSequences,
                HostileDicom::ofEndlessSequence,
                HostileDicom::ofPalette,
                HostileDicom::ofLargeUnknown,
                HostileDicom::ofTheSameName,
                HostileDicom::ofWrongHeader,
                this::ofBomb);
    }

    /** One file. */
    byte[] file(int number) {
        Random random = new Random(seed * MIXER + number);
        Instance instance = new Instance("hostile " + number, uid(number), noise(random));
        families.get(number % families.size()).accept(instance, random);
        return instance.bytes();
    }

    /** A sound one. */
    byte[] good(int number) {
        return new Instance("good " + number % 7, uid(-1 - number), goodPixels(number)).bytes();
    }

    /** Red, green and blue of a sound one's pixels. */
    byte[] goodPixels(int number) {
        return noise(new Random(~seed * MIXER + number));
    }

    private String uid(int number) {
        return "2.25.8." + (number < 0 ? "1." + -number : "2." + number) + "." + Long.toUnsignedString(seed);
    }

    /** A sound instance of one frame, coded already. */
    static byte[] coded(String owner, String uid, String syntax, String photometric, byte[] stream) {
        Instance instance = new Instance(owner, uid, noise(new Random(1)));
        instance.syntax = syntax;
        instance.set(0x00280004, "CS", text(photometric));
        instance.items(List.of(new byte[0], even(stream)));
        return instance.bytes();
    }

    private static void cut(Instance instance, Random random) {
        byte[] whole = instance.bytes();
        instance.file = Arrays.copyOf(whole, random.nextInt(whole.length));
    }

    private static void flipped(Instance instance, Random random) {
        byte[] whole = instance.bytes();
        for (int k = random.nextInt(8); k >= 0; k--) {
            whole[132 + random.nextInt(whole.length - 132)] ^= (byte) (1 << random.nextInt(8));
        }
        instance.file = whole;
    }

    private static void ofLyingLength(Instance instance, Random random) {
        Element element = instance.elements.get(random.nextInt(instance.elements.size()));
        element.statedLength = pick(List.of(0, 1, 3, 0xFFFE, 0xFFFFFF, 0x7FFFFFFF, 0xFFFFFFFE, 0xFFFFFFFF), random);
    }

    private static void ofAbsurdShape(Instance instance, Random random) {
        instance.set(0x00280010, "US", word(pick(List.of(0, 1, 12, 4_000, 65_535), random)));
        instance.set(0x00280011, "US", word(pick(List.of(0, 1, 16, 4_000, 65_535), random)));
    }

    private static void ofAbsurdFrames(Instance instance, Random random) {
        instance.set(0x00280008, "IS", text(pick(NUMBERS, random)));
    }

    private static void ofAbsurdSpacing(Instance instance, Random random) {
        instance.set(0x00280030, "DS", text(pick(SPACINGS, random)));
    }

    private static void ofAbsurdColour(Instance instance, Random random) {
        instance.set(0x00280002, "US", word(pick(List.of(0, 1, 2, 3, 4, 65_535), random)));
        instance.set(
                0x00280004,
                "CS",
                text(pick(List.of("HSV", "CMYK", "", "YBR_PARTIAL_420", "YBR_FULL", "MONOCHROME1", "RGB"), random)));
        instance.set(0x00280006, "US", word(pick(List.of(0, 1, 7), random)));
        instance.set(0x00280100, "US", word(pick(List.of(1, 8, 12, 16, 32, 65_535), random)));
        instance.set(0x00280101, "US", word(pick(List.of(0, 1, 8, 12, 65_535), random)));
    }

    private static void ofAbsurdText(Instance instance, Random random) {
        int tag = pick(List.of(0x00080005, 0x00080018, 0x00081010, 0x00100020, 0x00100021, 0x0020000d), random);
        instance.set(tag, tag == 0x00080018 || tag == 0x0020000d ? "UI" : "LO", text(pick(TEXTS, random)));
    }

    private static void ofAbsurdDay(Instance instance, Random random) {
        instance.set(
                0x00080022,
                "DA",
                text(pick(List.of("99999999", "00000000", "2026013", "20260230", "tomorrow", "20260130-"), random)));
    }

    private static void ofAnotherClass(Instance instance, Random random) {
        instance.set(
                0x00080016,
                "UI",
                text(pick(
                        List.of("", "1.2.840.10008.5.1.4.1.1.2", "1.2.3", "1.2.840.10008.5.1.4.1.1.77.1.6", "x"),
                        random)));
    }

    private static void ofOtherPixels(Instance instance, Random random) {
        byte[] pixels = new byte[pick(List.of(0, 2, 100, 574, 578, 1 << 20), random)];
        random.nextBytes(pixels);
        if (random.nextInt(4) == 0) {
            instance.remove(0x7fe00010);
        } else {
            instance.set(0x7fe00010, "OB", pixels);
        }
    }

    private void ofHostileStream(Instance instance, Random random) {
        instance.syntax = pick(CODED, random);
        instance.set(0x00280004, "CS", text(pick(List.of("YBR_FULL_422", "YBR_FULL", "RGB", "MONOCHROME2"), random)));
        instance.items(
                List.of(new byte[0], even(images.image(random.nextInt(10_000)).file())));
    }

    private void ofNoise(Instance instance, Random random) {
        instance.syntax = pick(CODED, random);
        byte[] stream = new byte[2 * random.nextInt(4_000)];
        random.nextBytes(stream);
        byte[] start = random.nextBoolean() ? new byte[] {(byte) 0xFF, (byte) 0xD8, (byte) 0xFF} : new byte[0];
        System.arraycopy(start, 0, stream, 0, Math.min(start.length, stream.length));
        instance.items(List.of(new byte[0], stream));
    }

    private static void ofWrongItems(Instance instance, Random random) {
        instance.syntax = JPEG_BASELINE;
        byte[] item = new byte[64];
        random.nextBytes(item);
        List<byte[]> items = new ArrayList<>();
        for (int k = pick(List.of(0, 1, 2, 5, 2_000), random); k > 0; k--) {
            items.add(item);
        }
        instance.items(items);
        if (random.nextBoolean()) {
            byte[] value = instance.of(0x7fe00010).value;
            instance.of(0x7fe00010).value = Arrays.copyOf(value, random.nextInt(value.length + 1));
        }
    }

    private static void ofWrongSyntax(Instance instance, Random random) {
        List<String> syntaxes = new ArrayList<>(CODED);
        syntaxes.addAll(List.of("1.2.840.10008.1.2", "1.2.840.10008.1.2.2", DEFLATED, "1.2.3.4", "", "x"));
        instance.syntax = pick(syntaxes, random);
    }

    private static void ofDeepSequences(Instance instance, Random random) {
        ByteArrayOutputStream nested = new ByteArrayOutputStream();
        for (int k = random.nextInt(DEEP); k > 0; k--) {
            nested.writeBytes(Element.header(0x00400560, "SQ", 0xFFFFFFFF));
            nested.writeBytes(Element.item(0xFFFFFFFF));
        }
        instance.set(0x00400560, "SQ", nested.toByteArray());
        instance.of(0x00400560).statedLength = 0xFFFFFFFF;
    }

    private static void ofEndlessSequence(Instance instance, Random random) {
        Element specimen = instance.of(0x00400560);
        specimen.value = concat(specimen.value, specimen.value);
        specimen.statedLength = random.nextBoolean() ? 0xFFFFFFFF : specimen.value.length - 2;
    }

    private static void ofPalette(Instance instance, Random random) {
        instance.set(0x00280002, "US", word(1));
        instance.set(0x00280004, "CS", text("PALETTE COLOR"));
        for (int tag = 0x00281101; tag <= 0x00281103; tag++) {
            if (random.nextInt(3) > 0) {
                instance.set(
                        tag,
                        "US",
                        ByteBuffer.allocate(6)
                                .order(ByteOrder.LITTLE_ENDIAN)
                                .putShort(
                                        (short) pick(List.of(0, 1, 256), random).intValue())
                                .putShort((short) 0)
                                .putShort((short)
                                        pick(List.of(0, 8, 16, 64), random).intValue())
                                .array());
                instance.set(tag + 0x100, "OW", new byte[2 * random.nextInt(300)]);
            }
        }
    }

    private static void ofLargeUnknown(Instance instance, Random random) {
        instance.set(0x00090010, "LO", text("nobody"));
        instance.set(0x00091001, "UN", new byte[2 * random.nextInt(1 << 20)]);
    }

    /** Other pixels under a name that the series has. */
    private static void ofTheSameName(Instance instance, Random random) {
        instance.set(0x00080018, "UI", text("2.25.8.3." + random.nextInt(3)));
    }

    private static void ofWrongHeader(Instance instance, Random random) {
        byte[] whole = instance.bytes();
        instance.file = whole;
        switch (random.nextInt(4)) {
            case 0 -> instance.file = Arrays.copyOfRange(whole, 128, whole.length);
            case 1 -> instance.file = Arrays.copyOfRange(whole, 132, whole.length);
            case 2 -> whole[140] = (byte) random.nextInt(256);
            default -> Arrays.fill(whole, 132, 160, (byte) 0);
        }
    }

    private void ofBomb(Instance instance, Random random) {
        instance.syntax = DEFLATED;
        byte[] head = instance.bytes();
        int meta = instance.metaLength();
        byte[] packed = random.nextBoolean() ? deflatedZeros : deflated(Arrays.copyOfRange(head, meta, head.length));
        instance.file = concat(Arrays.copyOf(head, meta), packed);
    }

    private static byte[] noise(Random random) {
        byte[] pixels = new byte[DicomFile.WIDTH_PX * DicomFile.HEIGHT_PX * 3];
        random.nextBytes(pixels);
        return pixels;
    }

    private static <T> T pick(List<T> from, Random random) {
        return from.get(random.nextInt(from.size()));
    }

    private static byte[] word(int value) {
        return new byte[] {(byte) value, (byte) (value >> 8)};
    }

    private static byte[] text(String value) {
        return even(value.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] even(byte[] bytes) {
        return bytes.length % 2 == 0 ? bytes : Arrays.copyOf(bytes, bytes.length + 1);
    }

    private static byte[] concat(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    private static byte[] deflated(byte[] bytes) {
        try (Deflater deflater = new Deflater(9, true)) {
            deflater.setInput(bytes);
            deflater.finish();
            byte[] part = new byte[1 << 16];
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            while (!deflater.finished()) {
                out.write(part, 0, deflater.deflate(part));
            }
            return out.toByteArray();
        }
    }

    /** A data element, whose stated length may be another than that of its value. */
    private static final class Element {
        private final int tag;
        private final String representation;
        private byte[] value;
        private int statedLength;

        Element(int tag, String representation, byte[] value) {
            this.tag = tag;
            this.representation = representation;
            this.value = value;
            this.statedLength = value.length;
        }

        byte[] bytes() {
            return concat(header(tag, representation, statedLength), value);
        }

        static byte[] header(int tag, String representation, int length) {
            boolean isLong = List.of("OB", "OW", "SQ", "UN").contains(representation);
            ByteBuffer header = ByteBuffer.allocate(isLong ? 12 : 8).order(ByteOrder.LITTLE_ENDIAN);
            header.putShort((short) (tag >> 16)).putShort((short) tag);
            header.put(representation.getBytes(StandardCharsets.US_ASCII));
            if (isLong) {
                header.putShort((short) 0).putInt(length);
            } else {
                header.putShort((short) length);
            }
            return header.array();
        }

        static byte[] item(int length) {
            return ByteBuffer.allocate(8)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putShort((short) 0xFFFE)
                    .putShort((short) 0xE000)
                    .putInt(length)
                    .array();
        }
    }

    /** A sound field of view of bone marrow, until something is done to it. */
    private static final class Instance {
        private final List<Element> elements = new ArrayList<>();
        private String syntax = EXPLICIT;
        private byte[] file = {};

        Instance(String owner, String uid, byte[] pixels) {
            set(0x00080005, "CS", text("ISO_IR 192"));
            set(0x00080016, "UI", text("1.2.840.10008.5.1.4.1.1.77.1.2"));
            set(0x00080018, "UI", text(uid));
            set(0x00080022, "DA", text("20260130"));
            set(0x00100020, "LO", text("patient " + owner));
            set(0x0020000d, "UI", text("2.25.8.0.1"));
            set(0x0020000e, "UI", text("2.25.8.0.2"));
            set(0x00280002, "US", word(3));
            set(0x00280004, "CS", text("RGB"));
            set(0x00280006, "US", word(0));
            set(0x00280010, "US", word(DicomFile.HEIGHT_PX));
            set(0x00280011, "US", word(DicomFile.WIDTH_PX));
            set(0x00280030, "DS", text("0.000125\\0.000125"));
            set(0x00280100, "US", word(8));
            set(0x00280101, "US", word(8));
            set(0x00280102, "US", word(7));
            set(0x00280103, "US", word(0));
            byte[] code = concat(
                    new Element(0x00080100, "SH", text("119359002")).bytes(),
                    new Element(0x00080102, "SH", text("SCT")).bytes());
            byte[] item = concat(
                    new Element(0x00400551, "LO", text("specimen " + owner)).bytes(),
                    new Element(0x0040059a, "SQ", concat(Element.item(code.length), code)).bytes());
            set(0x00400560, "SQ", concat(Element.item(item.length), item));
            set(0x7fe00010, "OB", pixels);
        }

        void set(int tag, String representation, byte[] value) {
            remove(tag);
            elements.add(new Element(tag, representation, value));
            elements.sort((a, b) -> Integer.compareUnsigned(a.tag, b.tag));
        }

        void remove(int tag) {
            elements.removeIf(each -> each.tag == tag);
        }

        Element of(int tag) {
            return elements.stream().filter(each -> each.tag == tag).findFirst().orElseThrow();
        }

        /** Pixels as a sequence of items, the first of which should be the table of offsets. */
        void items(List<byte[]> items) {
            ByteArrayOutputStream value = new ByteArrayOutputStream();
            for (byte[] each : items) {
                value.writeBytes(Element.item(each.length));
                value.writeBytes(each);
            }
            value.writeBytes(new byte[] {(byte) 0xFE, (byte) 0xFF, (byte) 0xDD, (byte) 0xE0, 0, 0, 0, 0});
            set(0x7fe00010, "OB", value.toByteArray());
            of(0x7fe00010).statedLength = 0xFFFFFFFF;
        }

        int metaLength() {
            return 132 + 12 + meta().length;
        }

        private byte[] meta() {
            byte[] meta = new Element(0x00020001, "OB", new byte[] {0, 1}).bytes();
            meta = concat(meta, new Element(0x00020002, "UI", of(0x00080016).value).bytes());
            meta = concat(meta, new Element(0x00020003, "UI", of(0x00080018).value).bytes());
            return concat(meta, new Element(0x00020010, "UI", text(syntax)).bytes());
        }

        byte[] bytes() {
            if (file.length > 0) {
                return file;
            }
            byte[] meta = meta();
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            out.writeBytes(new byte[128]);
            out.writeBytes("DICM".getBytes(StandardCharsets.US_ASCII));
            byte[] length = ByteBuffer.allocate(4)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putInt(meta.length)
                    .array();
            out.writeBytes(new Element(0x00020000, "UL", length).bytes());
            out.writeBytes(meta);
            elements.forEach(each -> out.writeBytes(each.bytes()));
            return out.toByteArray();
        }
    }
}
