package io.leukostream.inference.assembly;

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

/** An image that came from nowhere, for the warm-up; its outcome is looked at and thrown away. */
record SampleDelivery(ImageHead head, ByteBuffer file) implements Delivery {
    private static final String SPECIMEN = "S-00000000";

    static SampleDelivery of(byte[] file) {
        ByteBuffer bytes = ByteBuffer.wrap(file);
        ImageHead head = new ImageHead(
                Identity.imageId(SPECIMEN, bytes),
                SPECIMEN,
                SpecimenType.BONE_MARROW,
                Kind.CELL,
                1,
                sha256(file),
                OptionalDouble.empty(),
                Priority.ROUTINE,
                null,
                Instant.EPOCH);
        return new SampleDelivery(head, bytes);
    }

    @Override
    public Source source() {
        return new Source("warm-up", 0, 0);
    }

    @Override
    public Priority priority() {
        return Priority.ROUTINE;
    }

    @Override
    public Opened open() {
        return new Opened.Image(new ReceivedImage(head, file));
    }

    @Override
    public Rejected rejected(RejectionReason reason, String detail) {
        return Rejected.of(source(), head, reason, detail);
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
