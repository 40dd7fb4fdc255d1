package io.leukostream.inference;

import io.leukostream.inference.domain.Delivery;
import io.leukostream.inference.domain.ImageHead;
import io.leukostream.inference.domain.Kind;
import io.leukostream.inference.domain.Outcome.Rejected;
import io.leukostream.inference.domain.Priority;
import io.leukostream.inference.domain.ReceivedImage;
import io.leukostream.inference.domain.RejectionReason;
import io.leukostream.inference.domain.Source;
import io.leukostream.inference.domain.SpecimenType;
import io.leukostream.schemas.Identity;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.OptionalDouble;

/** An image of a file, as if it had been delivered. */
public record TestDelivery(Source source, ReceivedImage image) implements Delivery {
    public static final String SPECIMEN = "S-AAAAAAAA";

    public static TestDelivery of(long offset, Kind kind, OptionalDouble pixelSize, byte[] file) {
        ByteBuffer bytes = ByteBuffer.wrap(file);
        ImageHead head = new ImageHead(
                Identity.imageId(SPECIMEN, bytes),
                SPECIMEN,
                SpecimenType.BONE_MARROW,
                kind,
                1,
                sha256(file),
                pixelSize,
                Priority.ROUTINE,
                null,
                Instant.EPOCH);
        return new TestDelivery(new Source("test", 0, offset), new ReceivedImage(head, bytes));
    }

    @Override
    public Priority priority() {
        return Priority.ROUTINE;
    }

    @Override
    public Opened open() {
        return new Opened.Image(image);
    }

    @Override
    public Rejected rejected(RejectionReason reason, String detail) {
        return Rejected.of(source, image.head(), reason, detail);
    }

    public static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
