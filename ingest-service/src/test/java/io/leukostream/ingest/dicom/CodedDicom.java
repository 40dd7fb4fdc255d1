package io.leukostream.ingest.dicom;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An instance, coded by dcmtk in one of the ways that DICOM knows, with the pixels that it shows.
 *
 * @param rgb three bytes a pixel
 * @param tolerance levels by which a pixel may differ: 0 where the coding loses nothing
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record CodedDicom(byte[] file, byte[] rgb, int tolerance) {
    private static final int PIXELS = DicomFile.WIDTH_PX * DicomFile.HEIGHT_PX;

    /** Whether these pixels are its own. */
    boolean isLike(String hexadecimal) {
        if (hexadecimal.length() != 2 * rgb.length) {
            return false;
        }
        byte[] other = HexFormat.of().parseHex(hexadecimal);
        for (int k = 0; k < rgb.length; k++) {
            if (Math.abs((rgb[k] & 0xFF) - (other[k] & 0xFF)) > tolerance) {
                return false;
            }
        }
        return true;
    }

    /** Those whose pixels ingest takes, by what they are. */
    static Map<String, CodedDicom> taken(Path folder) throws IOException, InterruptedException {
        Map<String, CodedDicom> all = new LinkedHashMap<>();
        all.put("implicit little endian", converted(folder, sound("c0"), 0, "dcmconv", "+ti"));
        all.put("explicit big endian", converted(folder, sound("c1"), 0, "dcmconv", "+tb"));
        all.put("deflated", converted(folder, sound("c2"), 0, "dcmconv", "+td"));
        all.put("RLE", converted(folder, sound("c3"), 0, "dcmcrle"));
        all.put("lossless JPEG", converted(folder, sound("c4"), 0, "dcmcjpeg", "+e1"));
        all.put("lossless JPEG-LS", converted(folder, sound("c5"), 0, "dcmcjpls", "+el"));
        all.put("planar configuration 1", byPlane(folder, "RGB", sound("c6"), 0));
        all.put("YBR_FULL", ybr(folder, sound("c7")));
        all.put("YBR_FULL by plane", byPlane(folder, "YBR_FULL", sound("c8"), 1));
        all.put("JPEG, colours at full width", smooth(folder, "c9", "+eb", "+s4", "+q", "95"));
        all.put("JPEG, YBR_FULL_422", smooth(folder, "c10", "+eb", "+s2", "+q", "95"));
        DicomFile spaced = sound("c11");
        DicomFile padded = sound("c11");
        all.put("identifiers padded by a space", of(folder, odd(spaced), ' '));
        all.put("identifiers padded by NUL", of(folder, odd(padded), '\0'));
        return all;
    }

    /** Those that it refuses, by what they are. */
    static Map<String, CodedDicom> refused(Path folder) throws IOException, InterruptedException {
        Map<String, CodedDicom> all = new LinkedHashMap<>();
        DicomFile halved = sound("r0");
        byte[] rgb = halved.pixels();
        halved.set("0028,0004", "CS [YBR_FULL_422]").pixels(Arrays.copyOf(rgb, 2 * PIXELS));
        all.put("YBR_FULL_422, uncompressed", new CodedDicom(bytes(halved.write(folder)), rgb, 0));
        CodedDicom planes = byPlane(folder, "RGB", sound("r1"), 0);
        all.put("RLE by plane", new CodedDicom(run(folder, planes.file(), "dcmcrle"), planes.rgb(), 0));
        DicomFile twelve = sound("r2").set("0028,0101", "US 4").set("0028,0102", "US 3");
        all.put("four bits stored of eight", new CodedDicom(bytes(twelve.write(folder)), twelve.pixels(), 0));
        for (String photometric : List.of("YBR_RCT", "RGB")) {
            byte[] pixels = sound("of " + photometric).pixels();
            all.put(
                    "JPEG 2000 without loss, " + photometric,
                    new CodedDicom(
                            HostileDicom.coded(
                                    "r3 " + photometric,
                                    "2.25.9." + photometric.length(),
                                    "1.2.840.10008.1.2.4.90",
                                    photometric,
                                    jpeg2000(folder, pixels, photometric.equals("YBR_RCT"))),
                            pixels,
                            0));
        }
        return all;
    }

    /** By Pillow; nothing of Java's writes it. */
    private static byte[] jpeg2000(Path folder, byte[] rgb, boolean transformed)
            throws IOException, InterruptedException {
        Path source = Files.write(Files.createTempFile(folder, "pixels", ".rgb"), rgb);
        Path target = folder.resolve(source.getFileName() + ".j2k");
        DicomFile.run(
                "/usr/bin/python3",
                "-c",
                "import sys; from PIL import Image; Image.frombytes('RGB', (%d, %d), open(sys.argv[1], 'rb').read())"
                                .formatted(DicomFile.WIDTH_PX, DicomFile.HEIGHT_PX)
                        + ".save(sys.argv[2], mct=int(sys.argv[3]), num_resolutions=2)",
                source.toString(),
                target.toString(),
                transformed ? "1" : "0");
        return Files.readAllBytes(target);
    }

    private static DicomFile sound(String owner) {
        return new DicomFile(owner, owner + " specimen");
    }

    private static byte[] bytes(Path file) throws IOException {
        return Files.readAllBytes(file);
    }

    private static CodedDicom converted(Path folder, DicomFile source, int tolerance, String... how)
            throws IOException, InterruptedException {
        return new CodedDicom(run(folder, bytes(source.write(folder)), how), source.pixels(), tolerance);
    }

    private static byte[] run(Path folder, byte[] from, String... how) throws IOException, InterruptedException {
        Path source = Files.write(Files.createTempFile(folder, "from", ".dcm"), from);
        Path target = folder.resolve(source.getFileName() + ".coded");
        List<String> command = new ArrayList<>(List.of(how));
        command.addAll(List.of(source.toString(), target.toString()));
        DicomFile.run(command.toArray(String[]::new));
        return Files.readAllBytes(target);
    }

    private static CodedDicom byPlane(Path folder, String photometric, DicomFile source, int tolerance)
            throws IOException, InterruptedException {
        byte[] pixels = source.pixels();
        byte[] planes = new byte[pixels.length];
        for (int k = 0; k < pixels.length; k++) {
            planes[k % 3 * PIXELS + k / 3] = pixels[k];
        }
        byte[] shown = photometric.equals("RGB") ? pixels : inRgb(pixels);
        source.set("0028,0004", "CS [" + photometric + "]")
                .set("0028,0006", "US 1")
                .pixels(planes);
        return new CodedDicom(bytes(source.write(folder)), shown, tolerance);
    }

    private static CodedDicom ybr(Path folder, DicomFile source) throws IOException, InterruptedException {
        byte[] pixels = source.pixels();
        source.set("0028,0004", "CS [YBR_FULL]");
        return new CodedDicom(bytes(source.write(folder)), inRgb(pixels), 1);
    }

    /** As ITU-T T.871 defines the colours. */
    private static byte[] inRgb(byte[] ybr) {
        byte[] rgb = new byte[ybr.length];
        for (int k = 0; k < ybr.length; k += 3) {
            double y = ybr[k] & 0xFF;
            double b = (ybr[k + 1] & 0xFF) - 128;
            double r = (ybr[k + 2] & 0xFF) - 128;
            rgb[k] = level(y + 1.402 * r);
            rgb[k + 1] = level(y - 0.344136 * b - 0.714136 * r);
            rgb[k + 2] = level(y + 1.772 * b);
        }
        return rgb;
    }

    private static byte level(double value) {
        return (byte) Math.clamp(Math.round(value), 0, 255);
    }

    /** A slope, of which a lossy coding loses little. */
    private static CodedDicom smooth(Path folder, String owner, String... how)
            throws IOException, InterruptedException {
        DicomFile source = sound(owner);
        byte[] pixels = new byte[3 * PIXELS];
        for (int k = 0; k < PIXELS; k++) {
            int x = k % DicomFile.WIDTH_PX;
            int y = k / DicomFile.WIDTH_PX;
            pixels[3 * k] = (byte) (60 + 4 * x + owner.length());
            pixels[3 * k + 1] = (byte) (90 + 3 * y);
            pixels[3 * k + 2] = (byte) (180 - 3 * x);
        }
        source.pixels(pixels);
        String[] command = new String[how.length + 1];
        command[0] = "dcmcjpeg";
        System.arraycopy(how, 0, command, 1, how.length);
        return converted(folder, source, 8, command);
    }

    /** With identifiers of an odd length, which the file pads. */
    private static DicomFile odd(DicomFile file) {
        return file.set("0010,0020", "LO [Patient of c-11]").set("0040,0560", """
                SQ
                (fffe,e000) na
                (0040,0551) LO [Specimen of c11]
                (0040,059a) SQ
                (fffe,e000) na
                (0008,0100) SH [119359002]
                (0008,0102) SH [SCT]
                (fffe,e00d)
                (fffe,e0dd)
                (fffe,e00d)
                (fffe,e0dd)""");
    }

    private static CodedDicom of(Path folder, DicomFile source, char padding) throws IOException, InterruptedException {
        // Every byte as one character, there and back.
        String file = new String(bytes(source.write(folder)), StandardCharsets.ISO_8859_1);
        for (String identifier : List.of("Patient of c-11", "Specimen of c11")) {
            file = file.replace(identifier + " ", identifier + padding);
        }
        return new CodedDicom(file.getBytes(StandardCharsets.ISO_8859_1), source.pixels(), 0);
    }
}
