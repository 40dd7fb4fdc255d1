package io.leukostream.inference.messaging;

import io.leukostream.events.SmearImage;
import io.leukostream.fuzzing.Finding;
import io.leukostream.fuzzing.Fuzzer;
import io.leukostream.inference.messaging.ImageRecordReader.UnreadableException;
import io.leukostream.schemas.ImageLimit;

/** Values of image records, after the schema's id: each is an image or is said to be none; nothing else comes of it. */
public final class ImageRecordFuzzer {
    static {
        // As the lanes set them when they start.
        Lanes.limitLengths(new ImageLimit(Fuzzer.LONGEST_INPUT));
    }

    private ImageRecordFuzzer() {}

    /** Jazzer calls it. */
    public static void fuzzerTestOneInput(byte[] value) {
        if (value.length < ImageRecordReader.HEADER_BYTES) {
            return;
        }
        try {
            SmearImage image = ImageRecordReader.decoded(value, SmearImage.getClassSchema());
            Finding.unless(image.getImage().remaining() <= value.length, "more bytes than there were");
        } catch (UnreadableException e) {
            Finding.unless(
                    String.valueOf(e.getMessage()).endsWith("."), "the reason is no sentence: " + e.getMessage());
        }
    }
}
