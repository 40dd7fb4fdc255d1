package io.leukostream.schemas;

/**
 * The one limit on the size of an image file, from which broker, topics, producers, fetches and the HTTP body derive
 * theirs with headroom.
 *
 * @param imageBytes the largest image file that is accepted, bytes
 */
public record ImageLimit(int imageBytes) {
    /** 24 MiB. */
    public static final ImageLimit DEFAULT = new ImageLimit(24 << 20);

    private static final int RECORD_HEADROOM_BYTES = 1 << 20;

    public ImageLimit {
        if (imageBytes < 1 || imageBytes > 512 << 20) {
            throw new IllegalArgumentException("image bytes must lie in 1..512 MiB, not " + imageBytes);
        }
    }

    /** The largest Kafka record or batch: the image with its metadata and Kafka's framing. */
    public int maxRecordBytes() {
        return imageBytes + RECORD_HEADROOM_BYTES;
    }

    /** The largest HTTP body: the image with the other form fields. */
    public int maxBodyBytes() {
        return imageBytes + RECORD_HEADROOM_BYTES;
    }

    /** What a producer of images may hold unsent: four of the largest records. */
    public long producerBufferBytes() {
        return 4L * maxRecordBytes();
    }
}
