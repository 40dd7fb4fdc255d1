package io.leukostream.ingest.intake;

import io.leukostream.ingest.domain.ProblemCode;
import io.leukostream.ingest.domain.UnavailableException;
import java.io.IOException;
import java.util.function.BooleanSupplier;
import org.jboss.logging.Logger;

/** What every door asks before it holds an image: whether the disks have room, the memory, and inference the time. */
public final class Admission {
    private static final Logger LOG = Logger.getLogger(Admission.class);

    private final BytesInFlight bytesInFlight;
    private final DiskWatermark diskWatermark;
    private final BooleanSupplier waitTooLong;

    /**
     * Asks these.
     *
     * @param waitTooLong whether images wait so long that further ones could expire
     */
    public Admission(BytesInFlight bytesInFlight, DiskWatermark diskWatermark, BooleanSupplier waitTooLong) {
        this.bytesInFlight = bytesInFlight;
        this.diskWatermark = diskWatermark;
        this.waitTooLong = waitTooLong;
    }

    /**
     * Room for an image, until it is closed.
     *
     * @param bytes what is needed at once; 0 where it is not known yet, and the room grows
     * @throws UnavailableException with {@code DISK_LOW}, also where a disk cannot be looked at,
     *     {@code IMAGES_WAIT_TOO_LONG}, or
     *     {@code TOO_MANY_BYTES_IN_FLIGHT}
     */
    public BytesInFlight.Reservation admit(long bytes) {
        if (isDiskLow()) {
            throw new UnavailableException(ProblemCode.DISK_LOW, "a disk is nearly full", null);
        }
        if (waitTooLong.getAsBoolean()) {
            throw new UnavailableException(
                    ProblemCode.IMAGES_WAIT_TOO_LONG, "images wait so long that further ones could expire", null);
        }
        BytesInFlight.Reservation reservation = bytesInFlight.open();
        if (!reservation.grow(bytes)) {
            throw new UnavailableException(
                    ProblemCode.TOO_MANY_BYTES_IN_FLIGHT, "the admission limit is reached", null);
        }
        return reservation;
    }

    private boolean isDiskLow() {
        try {
            return diskWatermark.isLow();
        } catch (IOException e) {
            LOG.error("a watched disk cannot be looked at", e);
            return true;
        }
    }
}
