package io.leukostream.ingest.dicom;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** DICOM files as dcmtk's dump2dcm makes them; each begins as a sound field of view of bone marrow. */
final class DicomFile {
    static final int WIDTH_PX = 16;
    static final int HEIGHT_PX = 12;
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    private final Map<String, String> attributes = new TreeMap<>();
    private final int number = NUMBERS.incrementAndGet();
    private byte[] pixels;

    DicomFile(String patient, String specimen) {
        set("0008,0005", "CS [ISO_IR 192]");
        set("0008,0016", "UI [1.2.840.10008.5.1.4.1.1.77.1.2]");
        set("0008,0018", "UI [2.25.7." + number + "]");
        set("0008,0022", "DA [20260130]");
        set("0010,0020", "LO [" + patient + "]");
        set("0020,000d", "UI [2.25.7.0.1]");
        set("0020,000e", "UI [2.25.7.0.2]");
        set("0028,0002", "US 3");
        set("0028,0004", "CS [RGB]");
        set("0028,0006", "US 0");
        set("0028,0010", "US " + HEIGHT_PX);
        set("0028,0011", "US " + WIDTH_PX);
        set("0028,0030", "DS [0.000125\\0.000125]");
        set("0028,0100", "US 8");
        set("0028,0101", "US 8");
        set("0028,0102", "US 7");
        set("0028,0103", "US 0");
        set("0040,0560", """
                SQ
                (fffe,e000) na
                (0040,0551) LO [%s]
                (0040,059a) SQ
                (fffe,e000) na
                (0008,0100) SH [119359002]
                (0008,0102) SH [SCT]
                (0008,0104) LO [Bone marrow specimen]
                (fffe,e00d)
                (fffe,e0dd)
                (0040,0600) LO [Quirinius]
                (fffe,e00d)
                (fffe,e0dd)""".formatted(specimen));
        pixels = noise(number, 1);
    }

    /** Another value, as dump2dcm reads it: {@code LO [text]}; null takes the attribute away. */
    DicomFile set(String tag, String value) {
        if (value == null) {
            attributes.remove(tag);
        } else {
            attributes.put(tag, value);
        }
        return this;
    }

    DicomFile frames(int frames) {
        pixels = noise(number, frames);
        return set("0028,0008", "IS [" + frames + "]");
    }

    /** Null for none. */
    DicomFile pixels(byte[] bytes) {
        pixels = bytes;
        return this;
    }

    byte[] pixels() {
        return pixels;
    }

    Path write(Path folder) throws IOException, InterruptedException {
        StringBuilder dump = new StringBuilder("(0002,0010) UI [1.2.840.10008.1.2.1]\n");
        attributes.forEach((tag, value) ->
                dump.append('(').append(tag).append(") ").append(value).append('\n'));
        if (pixels != null) {
            Path raw = Files.write(folder.resolve(number + ".raw"), pixels);
            // Before whatever stands behind the pixels.
            int behind = dump.indexOf("(7fe1");
            dump.insert(behind < 0 ? dump.length() : behind, "(7fe0,0010) OB =" + raw + "\n");
        }
        Path text = Files.writeString(folder.resolve(number + ".dump"), dump, StandardCharsets.UTF_8);
        Path file = folder.resolve(number + ".dcm");
        run("dump2dcm", "-q", "+te", text.toString(), file.toString());
        return file;
    }

    static void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(30, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IOException(command[0] + " failed: " + output);
        }
    }

    private static byte[] noise(int seed, int frames) {
        ByteArrayOutputStream pixels = new ByteArrayOutputStream();
        byte[] frame = new byte[WIDTH_PX * HEIGHT_PX * 3];
        Random random = new Random(seed);
        for (int k = 0; k < frames; k++) {
            random.nextBytes(frame);
            pixels.writeBytes(frame);
        }
        return pixels.toByteArray();
    }
}
