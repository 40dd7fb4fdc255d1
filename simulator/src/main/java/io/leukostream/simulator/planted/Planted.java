package io.leukostream.simulator.planted;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/** Image files into which an identifier was written wherever a scanner's software might. */
public final class Planted {
    private static final List<Charset> WAYS =
            List.of(StandardCharsets.UTF_8, StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE);

    /** A text is looked for in so many bytes of an inflated stream; pixels are longer, and hold none. */
    private static final int MOST_INFLATED = 1 << 16;

    private Planted() {}

    /** The identifier in UTF-8 and both kinds of UTF-16, one after the other. */
    public static byte[] written(String identifier) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (Charset way : WAYS) {
            bytes.writeBytes(identifier.getBytes(way));
            bytes.write(0);
            bytes.write(0);
        }
        return bytes.toByteArray();
    }

    /** Whether the bytes hold the identifier in UTF-8 or UTF-16. */
    public static boolean isIn(byte[] bytes, String identifier) {
        for (Charset way : WAYS) {
            if (indexOf(bytes, identifier.getBytes(way)) >= 0) {
                return true;
            }
        }
        return false;
    }

    /** Whether the bytes hold the identifier as they are, or in a stream of zlib within them. */
    public static boolean isAnywhereIn(byte[] bytes, String identifier) {
        if (isIn(bytes, identifier)) {
            return true;
        }
        for (int at = 0; at + 2 < bytes.length; at++) {
            // Streams of zlib begin so.
            boolean begins = bytes[at] == 0x78 && ((0x78 << 8) + (bytes[at + 1] & 0xFF)) % 31 == 0;
            if (begins && isIn(inflated(bytes, at), identifier)) {
                return true;
            }
        }
        return false;
    }

    private static byte[] inflated(byte[] bytes, int from) {
        byte[] target = new byte[MOST_INFLATED];
        try (Inflater inflater = new Inflater()) {
            inflater.setInput(bytes, from, bytes.length - from);
            return Arrays.copyOf(target, inflater.inflate(target));
        } catch (DataFormatException e) {
            // Not every 0x78 begins a stream; what was not inflated was searched as it is.
            return new byte[0];
        }
    }

    /** Every application segment but Adobe's, comments, thumbnails, and bytes after the end. */
    public static byte[] jpeg(byte[] plain, String identifier) {
        byte[] text = written(identifier);
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.write(plain, 0, 2);
        byte[] exif = FileParts.join("Exif\0\0".getBytes(StandardCharsets.US_ASCII), littleEndianTiff(text));
        boolean startsWithJfif = plain[3] == (byte) 0xE0;
        int rest = startsWithJfif ? 2 + 2 + 16 : 2;
        if (startsWithJfif) {
            // A thumbnail of 1 × n pixels behind JFIF's own fields.
            int pixels = (text.length + 2) / 3;
            byte[] jfif = FileParts.join(FileParts.slice(plain, 6, 18), new byte[] {1, (byte) pixels});
            segment(file, 0xE0, FileParts.join(jfif, FileParts.join(text, new byte[pixels * 3 - text.length])));
        }
        segment(file, 0xE0, FileParts.join("JFXX\0".getBytes(StandardCharsets.US_ASCII), text));
        segment(file, 0xE1, exif);
        segment(file, 0xE1, FileParts.join("http://ns.adobe.com/xap/1.0/\0".getBytes(StandardCharsets.US_ASCII), text));
        for (int marker = 0xE2; marker <= 0xEF; marker++) {
            segment(
                    file,
                    marker,
                    FileParts.join("Photoshop 3.0\0ICC_PROFILE\0MPF\0".getBytes(StandardCharsets.US_ASCII), text));
        }
        segment(file, 0xFE, text);
        int lastSegment = startOfScan(plain);
        file.write(plain, rest, lastSegment - rest);
        segment(file, 0xFE, text);
        file.write(plain, lastSegment, plain.length - lastSegment);
        file.writeBytes(text);
        file.writeBytes(plain);
        file.writeBytes(text);
        return file.toByteArray();
    }

    /** All kinds of text, time, EXIF, a profile, an animation's frame, a private chunk, and bytes after the end. */
    public static byte[] png(byte[] plain, String identifier) {
        byte[] text = written(identifier);
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        int afterHeader = 8 + 25;
        file.write(plain, 0, afterHeader);
        byte[] keyword = "Patient\0".getBytes(StandardCharsets.US_ASCII);
        byte[] deflated = deflated(text);
        FileParts.chunk(file, "tEXt", FileParts.join(keyword, text));
        FileParts.chunk(file, "zTXt", FileParts.join(keyword, FileParts.join(new byte[1], deflated)));
        FileParts.chunk(file, "iTXt", FileParts.join(keyword, FileParts.join(new byte[] {0, 0, 'd', 'e', 0, 0}, text)));
        FileParts.chunk(file, "eXIf", littleEndianTiff(text));
        FileParts.chunk(
                file,
                "iCCP",
                FileParts.join("profile\0".getBytes(StandardCharsets.US_ASCII), FileParts.join(new byte[1], deflated)));
        FileParts.chunk(file, "pHYs", FileParts.slice(text, 0, 9));
        FileParts.chunk(file, "gAMA", FileParts.slice(text, 0, 4));
        FileParts.chunk(file, "cHRM", FileParts.slice(FileParts.join(text, text), 0, 32));
        FileParts.chunk(file, "bKGD", FileParts.slice(text, 0, 6));
        FileParts.chunk(file, "tIME", new byte[] {7, (byte) 0xD0, 2, 3, 4, 5, 6});
        FileParts.chunk(file, "prVt", text);
        int end = plain.length - 12;
        file.write(plain, afterHeader, end - afterHeader);
        FileParts.chunk(file, "fdAT", FileParts.join(new byte[4], text));
        FileParts.chunk(file, "tEXt", FileParts.join(keyword, text));
        file.write(plain, end, 12);
        file.writeBytes(text);
        return file.toByteArray();
    }

    /** EXIF, XMP, a profile, an unknown chunk before and after the pixels, and bytes after the container. */
    public static byte[] webp(byte[] plain, String identifier) {
        byte[] text = written(identifier);
        ByteArrayOutputStream chunks = new ByteArrayOutputStream();
        byte[] content = FileParts.slice(plain, 12, plain.length);
        boolean isExtended = content[3] == 'X';
        if (isExtended) {
            byte[] extended = FileParts.slice(content, 0, 18);
            extended[8] |= 0x2C;
            chunks.writeBytes(extended);
            FileParts.riff(chunks, "ICCP", text);
            FileParts.riff(chunks, "LABL", text);
        }
        chunks.writeBytes(isExtended ? FileParts.slice(content, 18, content.length) : content);
        if ((content.length & 1) != 0) {
            chunks.write(0);
        }
        FileParts.riff(chunks, "EXIF", littleEndianTiff(text));
        FileParts.riff(chunks, "XMP ", text);
        FileParts.riff(chunks, "LIST", text);
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.writeBytes(new byte[] {'R', 'I', 'F', 'F'});
        file.writeBytes(FileParts.i32(chunks.size() + 4));
        file.writeBytes(new byte[] {'W', 'E', 'B', 'P'});
        file.writeBytes(chunks.toByteArray());
        file.writeBytes(text);
        return file.toByteArray();
    }

    /** Between palette and pixels, in the fields for resolution, and after the pixels. */
    public static byte[] bmp(byte[] plain, String identifier) {
        byte[] text = written(identifier);
        ByteBuffer header = ByteBuffer.wrap(plain.clone()).order(ByteOrder.LITTLE_ENDIAN);
        int pixels = header.getInt(10);
        header.putInt(10, pixels + text.length);
        header.put(38, text, 0, 8);
        byte[] file = FileParts.join(
                FileParts.join(FileParts.slice(header.array(), 0, pixels), text),
                FileParts.slice(plain, pixels, plain.length));
        return FileParts.join(file, text);
    }

    /** A second page, private tags, descriptions, dates and a sub-directory, with the directory at the end. */
    public static byte[] tiff(byte[] plain, String identifier) {
        byte[] text = written(identifier);
        ByteOrder order = plain[0] == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
        ByteBuffer in = ByteBuffer.wrap(plain).order(order);
        int directory = in.getInt(4);
        int count = in.getShort(directory);
        List<byte[]> entries = new ArrayList<>();
        for (int k = 0; k < count; k++) {
            entries.add(FileParts.slice(plain, directory + 2 + 12 * k, directory + 14 + 12 * k));
        }
        byte[] prefix = FileParts.join(plain, (plain.length & 1) == 0 ? new byte[0] : new byte[1]);
        int textAt = prefix.length;
        byte[] withText = FileParts.join(prefix, FileParts.join(text, new byte[text.length & 1]));
        for (int tag : new int[] {269, 270, 271, 272, 285, 305, 306, 315, 316, 333, 33432}) {
            entries.add(entry(order, tag, 2, text.length, textAt));
        }
        for (int tag : new int[] {700, 33723, 34377, 34675, 37724, 65000}) {
            entries.add(entry(order, tag, 7, text.length, textAt));
        }
        entries.add(entry(order, 307, 2, 4, ByteBuffer.wrap(text).order(order).getInt(0)));
        int page = withText.length;
        ByteBuffer second = ByteBuffer.allocate(2 + 12 + 4).order(order).putShort((short) 1);
        second.put(entry(order, 270, 2, text.length, textAt)).putInt(0);
        entries.add(entry(order, 330, 4, 1, page));
        entries.add(entry(order, 34665, 4, 1, page));
        entries.sort(Comparator.comparingInt(
                each -> Short.toUnsignedInt(ByteBuffer.wrap(each).order(order).getShort(0))));
        ByteBuffer moved = ByteBuffer.allocate(2 + 12 * entries.size() + 4).order(order);
        moved.putShort((short) entries.size());
        entries.forEach(moved::put);
        moved.putInt(page);
        byte[] file = FileParts.join(FileParts.join(FileParts.join(withText, second.array()), moved.array()), text);
        ByteBuffer.wrap(file).order(order).putInt(4, page + second.capacity());
        return file;
    }

    private static byte[] entry(ByteOrder order, int tag, int type, int count, int value) {
        return ByteBuffer.allocate(12)
                .order(order)
                .putShort((short) tag)
                .putShort((short) type)
                .putInt(count)
                .putInt(value)
                .array();
    }

    /** A directory with a description, as EXIF has it. */
    private static byte[] littleEndianTiff(byte[] text) {
        return ByteBuffer.allocate(8 + 2 + 12 + 4 + text.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(new byte[] {'I', 'I', 42, 0})
                .putInt(8)
                .putShort((short) 1)
                .put(entry(ByteOrder.LITTLE_ENDIAN, 270, 2, text.length, 26))
                .putInt(0)
                .put(text)
                .array();
    }

    private static int startOfScan(byte[] jpeg) {
        int at = 2;
        while ((jpeg[at + 1] & 0xFF) != 0xDA) {
            at += 2 + (jpeg[at + 2] & 0xFF) * 256 + (jpeg[at + 3] & 0xFF);
        }
        return at;
    }

    private static void segment(ByteArrayOutputStream file, int marker, byte[] content) {
        file.write(0xFF);
        file.write(marker);
        file.write((content.length + 2) >> 8);
        file.write(content.length + 2);
        file.writeBytes(content);
    }

    private static byte[] deflated(byte[] text) {
        try (Deflater deflater = new Deflater()) {
            deflater.setInput(text);
            deflater.finish();
            byte[] target = new byte[text.length + 64];
            return FileParts.slice(target, 0, deflater.deflate(target));
        }
    }

    private static int indexOf(byte[] bytes, byte[] wanted) {
        for (int at = 0; at + wanted.length <= bytes.length; at++) {
            if (Arrays.mismatch(bytes, at, at + wanted.length, wanted, 0, wanted.length) < 0) {
                return at;
            }
        }
        return -1;
    }
}
