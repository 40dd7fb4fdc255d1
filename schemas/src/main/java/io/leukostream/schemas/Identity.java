package io.leukostream.schemas;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.regex.Pattern;

/** How images and cells are named. The same bytes for the same specimen are the same image on every machine. */
public final class Identity {
    private static final String BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private static final int HASH_BITS = 128;
    private static final Pattern SPECIMEN = Pattern.compile("S-[A-Z0-9]{4,32}");
    private static final Pattern PATIENT = Pattern.compile("P-[A-Z0-9]{4,32}");
    private static final Pattern IMAGE = Pattern.compile("S-[A-Z0-9]{4,32}\\.[A-Z2-7]{26}");
    private static final Pattern CELL = Pattern.compile("S-[A-Z0-9]{4,32}\\.[A-Z2-7]{26}\\.\\d+-\\d+-\\d+-\\d+");

    private Identity() {}

    /**
     * {@code <specimenId>.<base32 of the first 128 bits of SHA-256(specimenId ‖ image)>}; base32 of RFC 4648, upper
     * case, unpadded; the specimen id as UTF-8.
     *
     * @param image the file's bytes, from position to limit; left as it is
     */
    public static String imageId(String specimenId, ByteBuffer image) {
        MessageDigest sha256 = sha256();
        sha256.update(specimenId.getBytes(StandardCharsets.UTF_8));
        sha256.update(image.duplicate());
        return specimenId + "." + base32(sha256.digest());
    }

    /** {@code <imageId>.<x>-<y>-<w>-<h>}, in px of the stored image. */
    public static String cellId(String imageId, int xPx, int yPx, int widthPx, int heightPx) {
        return imageId + "." + xPx + "-" + yPx + "-" + widthPx + "-" + heightPx;
    }

    /**
     * The specimen that an image id or a cell id belongs to.
     *
     * @throws IllegalArgumentException if the text is no such id
     */
    public static String specimenIdOf(String imageOrCellId) {
        int dot = imageOrCellId.indexOf('.');
        if (dot < 1) {
            throw new IllegalArgumentException("not an image or cell id: " + imageOrCellId);
        }
        return imageOrCellId.substring(0, dot);
    }

    /**
     * The image that a cell id belongs to.
     *
     * @throws IllegalArgumentException if the text is no cell id
     */
    public static String imageIdOf(String cellId) {
        int dot = cellId.lastIndexOf('.');
        if (dot < 1 || cellId.indexOf('.') == dot) {
            throw new IllegalArgumentException("not a cell id: " + cellId);
        }
        return cellId.substring(0, dot);
    }

    /** Whether the text has the form of a patient code. */
    public static boolean isPatientId(String text) {
        return PATIENT.matcher(text).matches();
    }

    /** Whether the text has the form of a specimen code. */
    public static boolean isSpecimenId(String text) {
        return SPECIMEN.matcher(text).matches();
    }

    /** Whether the text has the form of an image id. */
    public static boolean isImageId(String text) {
        return IMAGE.matcher(text).matches();
    }

    /** Whether the text has the form of a cell id. */
    public static boolean isCellId(String text) {
        return CELL.matcher(text).matches();
    }

    private static String base32(byte[] digest) {
        StringBuilder text = new StringBuilder();
        for (int bit = 0; bit < HASH_BITS; bit += 5) {
            int value = 0;
            for (int k = bit; k < bit + 5; k++) {
                int set = k < HASH_BITS ? digest[k / 8] >> (7 - k % 8) & 1 : 0;
                value = value << 1 | set;
            }
            text.append(BASE32.charAt(value));
        }
        return text.toString();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
