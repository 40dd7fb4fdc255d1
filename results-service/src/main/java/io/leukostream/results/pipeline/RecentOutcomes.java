package io.leukostream.results.pipeline;

import io.leukostream.events.Coordinates;
import io.leukostream.events.ImageClassified;
import io.leukostream.events.ImageRejected;
import io.leukostream.schemas.Topic;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The outcomes of the last hour as this instance saw them since it started: how many in each minute, how long the last
 * ones took from receipt to outcome, and which bundles made them. In memory only, and bounded.
 */
public final class RecentOutcomes {
    /** Minutes that are remembered. */
    public static final int MINUTES = 60;

    private static final int MOST_DELAYS = 500;
    private static final int MOST_MODELS = 20;

    private final Clock clock;
    private final Deque<Minute> minutes = new ArrayDeque<>();
    private final Map<Lane, Deque<Duration>> delays = new EnumMap<>(Lane.class);
    private final Map<String, Model> models = new TreeMap<>();

    /** Sees outcomes from now on. */
    public RecentOutcomes(Clock clock) {
        this.clock = clock;
    }

    /** The lanes of the image log. */
    public enum Lane {
        ROUTINE,
        STAT;

        static Lane of(Coordinates source) {
            return source.getTopic().equals(Topic.SMEAR_IMAGES_STAT.topicName()) ? STAT : ROUTINE;
        }
    }

    /** The outcomes of one minute, which begins at {@code from}. */
    public record Minute(Instant from, int classified, int rejected) {}

    /**
     * How long the last images of a lane took from receipt to outcome.
     *
     * @param images how many were seen, the last {@value #MOST_DELAYS} at most
     */
    public record Delay(Lane lane, int images, Duration median, Duration p95) {}

    /** A bundle at work, {@code name/version}, since this instance started. */
    public record Model(String label, String bundleSha256, long images, Instant lastAt) {}

    /** An image was classified. */
    public synchronized void saw(ImageClassified outcome) {
        count(1, 0);
        delay(Lane.of(outcome.getSource()), outcome.getReceivedAt(), outcome.getClassifiedAt());
        String sha256 = outcome.getModel().getBundleSha256();
        Model before = models.get(sha256);
        if (before != null || models.size() < MOST_MODELS) {
            models.put(
                    sha256,
                    new Model(
                            outcome.getModel().getName() + "/"
                                    + outcome.getModel().getVersion(),
                            sha256,
                            before == null ? 1 : before.images() + 1,
                            outcome.getClassifiedAt()));
        }
    }

    /** An image was rejected. */
    public synchronized void saw(ImageRejected outcome) {
        count(0, 1);
        delay(Lane.of(outcome.getSource()), outcome.getReceivedAt(), outcome.getRejectedAt());
    }

    private void count(int classified, int rejected) {
        Instant minute = minute(clock.instant());
        Minute last = minutes.peekLast();
        if (last == null || last.from().isBefore(minute)) {
            minutes.addLast(new Minute(minute, classified, rejected));
            if (minutes.size() > MINUTES) {
                minutes.removeFirst();
            }
        } else {
            minutes.removeLast();
            minutes.addLast(new Minute(last.from(), last.classified() + classified, last.rejected() + rejected));
        }
    }

    private static Instant minute(Instant at) {
        return at.truncatedTo(java.time.temporal.ChronoUnit.MINUTES);
    }

    private void delay(Lane lane, @Nullable Instant receivedAt, Instant decidedAt) {
        if (receivedAt != null && !decidedAt.isBefore(receivedAt)) {
            Deque<Duration> last = delays.computeIfAbsent(lane, each -> new ArrayDeque<>());
            last.addLast(Duration.between(receivedAt, decidedAt));
            if (last.size() > MOST_DELAYS) {
                last.removeFirst();
            }
        }
    }

    /** The last hour, the minute that runs now last; a minute without an outcome is there with zeros. */
    public synchronized List<Minute> minutes() {
        Map<Instant, Minute> known = new TreeMap<>();
        minutes.forEach(minute -> known.put(minute.from(), minute));
        Instant now = minute(clock.instant());
        List<Minute> all = new ArrayList<>();
        for (int back = MINUTES - 1; back >= 0; back--) {
            Instant from = now.minus(Duration.ofMinutes(back));
            all.add(known.getOrDefault(from, new Minute(from, 0, 0)));
        }
        return all;
    }

    /** How long images took, by lane; lanes without any are left out. */
    public synchronized List<Delay> delays() {
        List<Delay> told = new ArrayList<>();
        delays.forEach((lane, last) -> {
            Duration[] sorted = last.toArray(Duration[]::new);
            Arrays.sort(sorted);
            told.add(new Delay(lane, sorted.length, quantile(sorted, 0.5), quantile(sorted, 0.95)));
        });
        return told;
    }

    private static Duration quantile(Duration[] sorted, double share) {
        return sorted[(int) Math.min(sorted.length - 1L, (long) (share * sorted.length))];
    }

    /** The bundles at work. */
    public synchronized List<Model> models() {
        return List.copyOf(models.values());
    }
}
