package io.leukostream.results.topology;

import io.leukostream.results.domain.ImageAccount;
import io.leukostream.results.domain.ImageOutcome;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Keeps the account of each scanner, day and specimen: an image stands in one of them, by what the log holds of it now. */
final class ImageAccounts {
    private static final Logger LOG = Logger.getLogger(ImageAccounts.class);

    private final KeyValueStore<String, ImageAccount> accounts;

    ImageAccounts(KeyValueStore<String, ImageAccount> accounts) {
        this.accounts = accounts;
    }

    /** One image says something else now. */
    void replace(String specimenId, ImageEntry before, ImageEntry after) {
        ImageAccount was = account(specimenId, before);
        ImageAccount is = account(specimenId, after);
        if (is == null || is.equals(was)) {
            return;
        }
        if (was != null) {
            remove(was);
        }
        String key = key(is);
        ImageAccount stored = accounts.get(key);
        accounts.put(key, stored == null ? is : stored.plus(is));
    }

    private void remove(ImageAccount image) {
        String key = key(image);
        ImageAccount stored = accounts.get(key);
        if (stored == null) {
            // Taken in by a version that kept no such accounts.
            return;
        }
        try {
            ImageAccount rest = stored.minus(image);
            accounts.put(key, rest.received() == 0 ? null : rest);
        } catch (IllegalArgumentException e) {
            LOG.warnf(
                    "An image that is replaced was not in the account of its day %s: %s", image.day(), e.getMessage());
        }
    }

    /** By the receipt, which ingest wrote; without one by the outcome. Null where nothing is known of the image. */
    private static @Nullable ImageAccount account(String specimenId, ImageEntry entry) {
        ImageOutcome outcome = entry.state().outcome();
        var receipt = entry.receipt();
        if (receipt != null) {
            return ImageAccount.of(receipt.getScanner(), day(receipt.getReceivedAt()), specimenId, outcome);
        }
        var classified = entry.classified();
        if (classified != null) {
            return ImageAccount.of(classified.getScanner(), day(classified.getReceivedAt()), specimenId, outcome);
        }
        var rejected = entry.rejected();
        if (rejected != null) {
            Instant receivedAt = rejected.getReceivedAt();
            return ImageAccount.of(
                    rejected.getScanner(),
                    // A record that could not be read does not tell when it was received.
                    day(receivedAt == null ? rejected.getRejectedAt() : receivedAt),
                    specimenId,
                    outcome);
        }
        return null;
    }

    private static LocalDate day(Instant at) {
        return LocalDate.ofInstant(at, ZoneOffset.UTC);
    }

    private static String key(ImageAccount account) {
        String scanner = account.scanner();
        // The alias is free text and comes last; none at all is told apart from an empty one.
        return account.day() + "|" + account.specimenId() + "|" + (scanner == null ? "" : "=" + scanner);
    }
}
