package io.leukostream.fuzzing;

import io.leukostream.events.SmearImage;
import io.leukostream.simulator.hostile.HostileImage;
import io.leukostream.simulator.hostile.HostileImages;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumWriter;

/** The fuzzers, each with the inputs that it begins with beside those committed. */
public enum Fuzzer {
    /** What ingest reads of image files, and how it removes their metadata. */
    IMAGE_FILE("io.leukostream.ingest.sanitising.ImageFileFuzzer") {
        @Override
        List<byte[]> seeds() {
            return images();
        }
    },
    /** What inference reads of image files, and what their decoder makes of them. */
    DECODED_IMAGE("io.leukostream.inference.imaging.DecodedImageFuzzer") {
        @Override
        List<byte[]> seeds() {
            return images();
        }
    },
    /** The form that comes with an image. */
    MULTIPART_FORM("io.leukostream.ingest.rest.MultipartFormFuzzer") {
        @Override
        List<byte[]> seeds() {
            return forms();
        }
    },
    /** Patterns and paths of the watched folder. */
    PATH_PATTERN("io.leukostream.ingest.folder.PathPatternFuzzer") {
        @Override
        List<byte[]> seeds() {
            return List.of(
                    text("{patient}/{specimen}/{kind}/{file}a/b/cell/c.png"),
                    text("{patient}_{specimen}_{priority}/{scanner}-{file}a_b_stat/c-d.png"));
        }
    },
    /** The values of image records. */
    IMAGE_RECORD("io.leukostream.inference.messaging.ImageRecordFuzzer") {
        @Override
        List<byte[]> seeds() {
            return List.of(record());
        }
    };

    /** Larger inputs cost time and show nothing more. */
    public static final int LONGEST_INPUT = 16_384;

    private static final int LONGEST_SEED = 8_192;
    private static final long SEED = 7;

    private final String className;

    Fuzzer(String className) {
        this.className = className;
    }

    /** The class that Jazzer runs. */
    String className() {
        return className;
    }

    /** The name by which people ask for it, such as {@code image-file}. */
    String title() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Inputs to begin with. */
    abstract List<byte[]> seeds();

    private static List<byte[]> images() {
        HostileImages images = new HostileImages(SEED);
        List<byte[]> files = new ArrayList<>();
        for (int number = 0; number < 2 * images.families(); number++) {
            HostileImage image = images.image(number);
            if (image.file().length > 0 && image.file().length <= LONGEST_SEED) {
                files.add(image.file());
            }
        }
        return files;
    }

    private static List<byte[]> forms() {
        List<byte[]> forms = new ArrayList<>();
        for (String headers : List.of(
                "",
                "\r\nContent-Type: text/plain; charset=iso-8859-1",
                "\r\nContent-Transfer-Encoding: quoted-printable",
                "\r\nContent-Transfer-Encoding: base64",
                "\r\nContent-Type: text/plain;\r\n charset=\"utf-16\"")) {
            forms.add(text(part("patient", headers, "M\u00FCller 4711")
                    + part("specimen", "", "S1")
                    + part("specimenType", "", "BONE_MARROW")
                    + part("kind", "", "CELL")
                    + part("pixelSizeMicrometres", "", "0.065")
                    + part("image\"; filename=\"a.png", "\r\nContent-Type: image/png", "x")
                    + "--b--\r\n"));
        }
        forms.add(text(part("_charset_", "", "iso-8859-1") + part("patient", "", "a") + "--b--\r\n"));
        return forms;
    }

    private static String part(String name, String headers, String value) {
        return "--b\r\nContent-Disposition: form-data; name=\"" + name + "\"" + headers + "\r\n\r\n" + value + "\r\n";
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** An image of four bytes, as a scanner would write it. */
    private static byte[] record() {
        SmearImage image = SmearImage.newBuilder()
                .setImageId("S-AAAAAAAA.AAAAAAAAAAAAAAAAAAAAAAAAAA")
                .setSpecimenId("S-AAAAAAAA")
                .setSpecimenType("BONE_MARROW")
                .setKind("CELL")
                .setMediaType("image/png")
                .setWidthPx(1)
                .setHeightPx(1)
                .setContentSha256("0".repeat(64))
                .setReceivedAt(Instant.EPOCH)
                .setImage(ByteBuffer.wrap(text("file")))
                .build();
        ByteArrayOutputStream value = new ByteArrayOutputStream();
        value.writeBytes(new byte[5]);
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(value, null);
        try {
            new SpecificDatumWriter<>(SmearImage.class).write(image, encoder);
            encoder.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return value.toByteArray();
    }
}
