package io.leukostream.ingest.dicom;

import io.leukostream.events.SmearImage;
import io.leukostream.ingest.EventLog;
import io.leukostream.schemas.Topic;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import javax.imageio.ImageIO;
import org.apache.avro.data.TimeConversions;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;

/** The images that lie in the log. */
final class LoggedImages {
    private LoggedImages() {}

    /** Images of both lanes. */
    static List<SmearImage> all() {
        List<SmearImage> images = new ArrayList<>();
        for (Topic topic : List.of(Topic.SMEAR_IMAGES, Topic.SMEAR_IMAGES_STAT)) {
            EventLog.of(topic.topicName()).forEach(each -> images.add(decoded(each.value(), topic)));
        }
        return images;
    }

    private static SmearImage decoded(byte[] wire, Topic topic) {
        try {
            SpecificData model = new SpecificData(SmearImage.class.getClassLoader());
            model.addLogicalTypeConversion(new TimeConversions.TimestampMillisConversion());
            return new SpecificDatumReader<SmearImage>(topic.valueSchema(), topic.valueSchema(), model)
                    .read(null, DecoderFactory.get().binaryDecoder(wire, 5, wire.length - 5, null));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** The specimen of the image that has these pixels. */
    static String specimenOf(CodedDicom coded) {
        return all().stream()
                .filter(image -> coded.isLike(pixels(image)))
                .findFirst()
                .orElseThrow()
                .getSpecimenId();
    }

    /** As another decoder reads them. */
    static String pixels(SmearImage image) {
        ByteBuffer file = image.getImage().duplicate();
        byte[] bytes = new byte[file.remaining()];
        file.get(bytes);
        try {
            BufferedImage decoded = ImageIO.read(new ByteArrayInputStream(bytes));
            ByteBuffer pixels = ByteBuffer.allocate(decoded.getWidth() * decoded.getHeight() * 3);
            for (int y = 0; y < decoded.getHeight(); y++) {
                for (int x = 0; x < decoded.getWidth(); x++) {
                    int rgb = decoded.getRGB(x, y);
                    pixels.put((byte) (rgb >> 16)).put((byte) (rgb >> 8)).put((byte) rgb);
                }
            }
            return HexFormat.of().formatHex(pixels.array());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
