package io.leukostream.inference.imaging;

import io.leukostream.inference.imaging.PixelData.FlawException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.event.IIOReadWarningListener;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.jspecify.annotations.Nullable;

/**
 * JPEG: entropy-coded data without a word from libjpeg. OpenCV keeps its warnings to itself and gives what was filled up as
 * if it were the picture; the JDK's reader of the same library tells them.
 */
final class JpegPixelData {
    private JpegPixelData() {}

    static void check(ByteBuffer bytes) throws FlawException {
        byte[] file = new byte[bytes.remaining()];
        bytes.slice().get(file);
        ImageReader reader = ImageIO.getImageReadersByFormatName("jpeg").next();
        Warnings warnings = new Warnings();
        try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(file))) {
            reader.addIIOReadWarningListener(warnings);
            reader.setInput(in, false, true);
            reader.readRaster(0, null);
        } catch (IOException | RuntimeException e) {
            throw FlawException.unreadable("The JPEG data cannot be decoded.");
        } finally {
            reader.dispose();
        }
        String first = warnings.first;
        if (first != null) {
            throw FlawException.unreadable("The JPEG data is damaged: " + first + ".");
        }
    }

    private static final class Warnings implements IIOReadWarningListener {
        private @Nullable String first;

        @Override
        public void warningOccurred(ImageReader source, String warning) {
            // Warnings of metadata concern no pixel.
            if (first == null && isOfData(warning)) {
                first = warning;
            }
        }

        private static boolean isOfData(String warning) {
            return warning.contains("Corrupt JPEG data")
                    || warning.contains("Premature end")
                    || warning.contains("premature end")
                    || warning.contains("Inconsistent progression")
                    || warning.contains("bad Huffman code")
                    || warning.contains("Arithmetic");
        }
    }
}
