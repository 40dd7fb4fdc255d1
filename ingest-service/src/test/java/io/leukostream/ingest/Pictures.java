package io.leukostream.ingest;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.Random;
import javax.imageio.ImageIO;

/** Small image files as real encoders write them. */
public final class Pictures {
    public static final int WIDTH_PX = 37;
    public static final int HEIGHT_PX = 23;

    /** 37 × 23, one colour, by libwebp. */
    private static final String WEBP_LOSSLESS = "UklGRh4AAABXRUJQVlA4TBEAAAAvJIAFAAdQj+JVq/+BiOh/AAA=";

    private static final String WEBP_LOSSY =
            "UklGRkAAAABXRUJQVlA4IDQAAAAwAwCdASolABcAPzmaxVuvKyekJWgB4CcJZwDMlA8KmggAAP7oNlz0rd0n6n8p" + "KCTJ/QAA";
    private static final String WEBP_EXTENDED =
            "UklGRmQAAABXRUJQVlA4WAoAAAAQAAAAJAAAFgAAQUxQSAoAAAABB1CyiAhERP8DVlA4IDQAAAAwAwCdASolABcA"
                    + "PzmaxVuvKyekJWgB4CcJZwDMlA8KmggAAP7oNlz0rd0n6n8pKCTJ/QAA";

    private Pictures() {}

    public static byte[] webpLossless() {
        return Base64.getDecoder().decode(WEBP_LOSSLESS);
    }

    public static byte[] webpLossy() {
        return Base64.getDecoder().decode(WEBP_LOSSY);
    }

    public static byte[] webpExtended() {
        return Base64.getDecoder().decode(WEBP_EXTENDED);
    }

    /**
     * An image of noise.
     *
     * @param format as ImageIO names it
     * @param seed another seed, another image
     */
    public static byte[] noise(String format, long seed) {
        return noise(format, WIDTH_PX, HEIGHT_PX, seed);
    }

    public static byte[] noise(String format, int widthPx, int heightPx, long seed) {
        BufferedImage image = new BufferedImage(widthPx, heightPx, BufferedImage.TYPE_3BYTE_BGR);
        Random random = new Random(seed);
        for (int y = 0; y < heightPx; y++) {
            for (int x = 0; x < widthPx; x++) {
                image.setRGB(x, y, random.nextInt());
            }
        }
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        try {
            if (!ImageIO.write(image, format, file)) {
                throw new IllegalArgumentException("no encoder for " + format);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file.toByteArray();
    }

    /** The first 33 bytes of a PNG: signature and IHDR. */
    public static byte[] pngHeader(int widthPx, int heightPx) {
        return java.nio.ByteBuffer.allocate(33)
                .put(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'})
                .putInt(13)
                .put(new byte[] {'I', 'H', 'D', 'R'})
                .putInt(widthPx)
                .putInt(heightPx)
                .put(new byte[] {8, 2, 0, 0, 0})
                .array();
    }
}
