package io.leukostream.ingest.intake;

import java.util.concurrent.atomic.AtomicLong;

/** The admission limit: how many bytes of request bodies the service holds at once, whatever their number. */
public final class BytesInFlight {
    private final long limit;
    private final AtomicLong held = new AtomicLong();

    /**
     * An admission limit.
     *
     * @param limit bytes, ≥ 1
     */
    public BytesInFlight(long limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("the admission limit must be at least one byte, not " + limit);
        }
        this.limit = limit;
    }

    /** Room for one body; holds nothing yet. */
    public Reservation open() {
        return new Reservation();
    }

    /** Bytes reserved at the moment. */
    public long held() {
        return held.get();
    }

    /** Room for one body, which may grow as the body arrives. */
    public final class Reservation implements AutoCloseable {
        private long bytes;
        private boolean closed;

        private Reservation() {}

        /** Takes more room, if there is. */
        public synchronized boolean grow(long more) {
            if (closed) {
                return false;
            }
            long before = held.getAndUpdate(now -> more <= limit - now ? now + more : now);
            boolean fits = more <= limit - before;
            bytes += fits ? more : 0;
            return fits;
        }

        /** Gives all of it back; a second time does nothing. */
        @Override
        public synchronized void close() {
            closed = true;
            held.addAndGet(-bytes);
            bytes = 0;
        }
    }
}
