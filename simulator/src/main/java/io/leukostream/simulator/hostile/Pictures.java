package io.leukostream.simulator.hostile;

import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.Iterator;
import java.util.Random;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

/** Sound files as real encoders write them, to be spoilt. */
final class Pictures {
    /** 37 × 23, one colour, by libwebp; the JDK has no encoder. */
    private static final String WEBP_LOSSLESS = "UklGRh4AAABXRUJQVlA4TBEAAAAvJIAFAAdQj+JVq/+BiOh/AAA=";

    private static final String WEBP_LOSSY =
            "UklGRkAAAABXRUJQVlA4IDQAAAAwAwCdASolABcAPzmaxVuvKyekJWgB4CcJZwDMlA8KmggAAP7oNlz0rd0n6n8p" + "KCTJ/QAA";

    private Pictures() {}

    static byte[] webpLossless() {
        return Base64.getDecoder().decode(WEBP_LOSSLESS);
    }

    static byte[] webpLossy() {
        return Base64.getDecoder().decode(WEBP_LOSSY);
    }

    /** Noise, so that no two are the same image. */
    static BufferedImage noise(Random random, int widthPx, int heightPx) {
        BufferedImage image = new BufferedImage(widthPx, heightPx, BufferedImage.TYPE_3BYTE_BGR);
        for (int y = 0; y < heightPx; y++) {
            for (int x = 0; x < widthPx; x++) {
                image.setRGB(x, y, random.nextInt());
            }
        }
        return image;
    }

    /** @param format as ImageIO names it */
    static byte[] encoded(String format, BufferedImage image) {
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

    static byte[] noise(String format, Random random) {
        return encoded(format, noise(random, 20 + random.nextInt(60), 20 + random.nextInt(60)));
    }

    static byte[] progressiveJpeg(BufferedImage image) {
        return written("jpeg", new IIOImage(image, null, null), true);
    }

    /** Four channels as they are, with neither JFIF nor Adobe marker. */
    static byte[] fourChannelJpeg(Random random) {
        WritableRaster raster = Raster.createInterleavedRaster(0, 40 + random.nextInt(40), 48, 4, null);
        byte[] pixels = new byte[raster.getWidth() * raster.getHeight() * 4];
        random.nextBytes(pixels);
        int at = 0;
        for (int y = 0; y < raster.getHeight(); y++) {
            for (int x = 0; x < raster.getWidth(); x++) {
                for (int band = 0; band < 4; band++) {
                    raster.setSample(x, y, band, pixels[at++]);
                }
            }
        }
        return written("jpeg", new IIOImage(raster, null, null), false);
    }

    /** Several pages in one TIFF. */
    static byte[] pages(Random random, int count) {
        ImageWriter writer = writer("tiff");
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        try (ImageOutputStream out = ImageIO.createImageOutputStream(file)) {
            writer.setOutput(out);
            writer.prepareWriteSequence(null);
            for (int k = 0; k < count; k++) {
                writer.writeToSequence(new IIOImage(noise(random, 40, 30 + k), null, null), null);
            }
            writer.endWriteSequence();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            writer.dispose();
        }
        return file.toByteArray();
    }

    private static byte[] written(String format, IIOImage image, boolean isProgressive) {
        ImageWriter writer = writer(format);
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        try (ImageOutputStream out = ImageIO.createImageOutputStream(file)) {
            writer.setOutput(out);
            ImageWriteParam settings = writer.getDefaultWriteParam();
            if (isProgressive) {
                settings.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
            }
            writer.write(null, image, settings);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            writer.dispose();
        }
        return file.toByteArray();
    }

    private static ImageWriter writer(String format) {
        Iterator<ImageWriter> writers = ImageIO.getImageWritersByFormatName(format);
        return writers.next();
    }
}
