package io.leukostream.fuzzing;

import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Optional;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/** Another reader of the same file: the JDK's. It knows no WebP. */
public final class OtherReader {
    private static final long MOST_PIXELS = 1 << 16;

    private OtherReader() {}

    /**
     * A picture.
     *
     * @param rgb three bytes a pixel, by rows
     */
    @SuppressWarnings("ArrayRecordComponent") // compared by equals below
    public record Picture(int width, int height, byte[] rgb) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Picture picture
                    && width == picture.width
                    && height == picture.height
                    && Arrays.equals(rgb, picture.rgb);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(rgb);
        }
    }

    /** The first picture; empty where this reader does not know the file, gives it up, or it is large. */
    public static Optional<Picture> read(byte[] file) {
        try (ImageInputStream in = ImageIO.createImageInputStream(new ByteArrayInputStream(file))) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
            if (!readers.hasNext()) {
                return Optional.empty();
            }
            ImageReader reader = readers.next();
            try {
                reader.setInput(in, false, true);
                if ((long) reader.getWidth(0) * reader.getHeight(0) > MOST_PIXELS) {
                    return Optional.empty();
                }
                return picture(reader.read(0));
            } finally {
                reader.dispose();
            }
        } catch (IOException | RuntimeException e) {
            // It fails in many ways over what it cannot read; then it says nothing.
            return Optional.empty();
        }
    }

    /** As stored, without what a colour space would make of it. */
    private static Optional<Picture> picture(BufferedImage image) {
        Raster raster = image.getRaster();
        ColorModel colours = image.getColorModel();
        int bands = raster.getNumBands();
        int width = image.getWidth();
        int height = image.getHeight();
        byte[] rgb = new byte[3 * width * height];
        boolean indexed = colours instanceof IndexColorModel;
        if (!indexed
                && (raster.getDataBuffer().getDataType() != DataBuffer.TYPE_BYTE || colours.getComponentSize(0) != 8)) {
            return Optional.empty();
        }
        int[] pixel = new int[bands];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int at = 3 * (y * width + x);
                if (indexed) {
                    int colour = image.getRGB(x, y);
                    rgb[at] = (byte) (colour >> 16);
                    rgb[at + 1] = (byte) (colour >> 8);
                    rgb[at + 2] = (byte) colour;
                } else {
                    raster.getPixel(x, y, pixel);
                    rgb[at] = (byte) pixel[0];
                    rgb[at + 1] = (byte) pixel[bands < 3 ? 0 : 1];
                    rgb[at + 2] = (byte) pixel[bands < 3 ? 0 : 2];
                }
            }
        }
        return Optional.of(new Picture(width, height, rgb));
    }
}
