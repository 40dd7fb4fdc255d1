package io.leukostream.standalone.accounting;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What the topics say about images, as far as the accounting needs it; pure, filled record by record in any order.
 */
public final class ImageLog {
    /**
     * Where a record lies.
     *
     * @param topic the topic's name
     */
    public record Place(String topic, int partition, long offset) {}

    /**
     * A specimen's counts as the newest verdict states them.
     */
    public record Tally(int received, int classified, int rejected, int pending) {}

    /**
     * Where an image comes from.
     *
     * @param scanner the site's alias; null where nothing states it
     * @param at when it was received; for an image that only the log tells of, when it was written
     */
    public record Origin(@Nullable String scanner, Instant at) {
        String day() {
            return LocalDate.ofInstant(at, ZoneOffset.UTC).toString();
        }
    }

    /** An outcome, as far as it is decided by which of several counts. */
    private record Ended(int attempt, boolean classified, String reason) {}

    private final Map<Place, String> images = new HashMap<>();
    private final Map<String, Set<Place>> receipts = new HashMap<>();
    private final Map<String, Integer> classified = new HashMap<>();
    private final Map<String, Integer> rejected = new HashMap<>();
    private final Map<String, Ended> outcomes = new HashMap<>();
    private final Map<String, Origin> logged = new HashMap<>();
    private final Map<String, Origin> told = new HashMap<>();
    private final Map<String, Origin> receipted = new HashMap<>();
    private final Set<Place> answered = new HashSet<>();
    private final Set<String> specimens = new HashSet<>();
    private final Map<String, Tally> tallies = new HashMap<>();

    /** A record of an image topic; its key should be an image id. */
    public void image(Place place, @Nullable String key, Instant at) {
        String imageId = key == null ? place.toString() : key;
        images.put(place, imageId);
        logged.putIfAbsent(imageId, new Origin(null, at));
    }

    /** A receipt, with where it says that the image lies. */
    public void receipt(String imageId, Place image, Origin origin) {
        receipts.computeIfAbsent(imageId, _ -> new HashSet<>()).add(image);
        receipted.putIfAbsent(imageId, origin);
    }

    /** An outcome that says how many cells an image has. */
    public void classified(String imageId, int attempt, Place source, Origin origin) {
        classified.merge(imageId, 1, Integer::sum);
        ended(imageId, new Ended(attempt, true, ""), source, origin);
    }

    /** An outcome that says why an image cannot be used. */
    public void rejected(String imageId, int attempt, Place source, String reason, Origin origin) {
        rejected.merge(imageId, 1, Integer::sum);
        ended(imageId, new Ended(attempt, false, reason), source, origin);
    }

    /** The outcome of the highest attempt counts, and of one attempt a classification. */
    private void ended(String imageId, Ended outcome, Place source, Origin origin) {
        outcomes.merge(
                imageId,
                outcome,
                (counts, other) -> other.attempt() > counts.attempt()
                                || (other.attempt() == counts.attempt() && other.classified())
                        ? other
                        : counts);
        answered.add(source);
        told.putIfAbsent(imageId, origin);
    }

    /** A specimen's registration. */
    public void specimen(String specimenId) {
        specimens.add(specimenId);
    }

    /** The counts of a specimen in its patient's newest verdict. */
    public void tally(String specimenId, Tally tally) {
        tallies.put(specimenId, tally);
    }

    /**
     * Draws the balance.
     *
     * @param committed how far inference has committed, by topic and partition ({@code offset} is the next one it reads)
     */
    public Balance balance(Set<Place> committed) {
        Map<String, Long> next = new HashMap<>();
        for (Place place : committed) {
            next.put(place.topic() + "/" + place.partition(), place.offset());
        }
        Set<String> lost = new TreeSet<>();
        Set<String> pending = new TreeSet<>();
        images.forEach((place, imageId) -> {
            if (!hasOutcome(imageId) && !answered.contains(place)) {
                (isDone(next, place) ? lost : pending).add(imageId);
            }
        });
        receipts.forEach((imageId, places) -> {
            if (!hasOutcome(imageId)) {
                (places.stream().allMatch(place -> isDone(next, place)) ? lost : pending).add(imageId);
            }
        });
        // An image sent again may wait in a second record; it is lost only if none of its records is still to come.
        lost.removeAll(pending);
        Set<String> received = new TreeSet<>(receipts.keySet());
        received.addAll(outcomes.keySet());
        Map<String, int[]> counts = new TreeMap<>();
        for (String imageId : received) {
            int[] of = counts.computeIfAbsent(specimenOf(imageId), id -> new int[3]);
            of[0]++;
            Ended outcome = outcomes.get(imageId);
            if (outcome != null) {
                of[outcome.classified() ? 1 : 2]++;
            }
        }
        Set<String> unknown = new TreeSet<>();
        Set<String> doubled = new TreeSet<>();
        Set<String> uncounted = new TreeSet<>();
        counts.forEach((specimenId, of) -> {
            Tally tally = tallies.get(specimenId);
            if (!specimens.contains(specimenId)) {
                unknown.add(specimenId);
            } else if (tally == null) {
                uncounted.add(specimenId + " is in no verdict and has " + of[0] + " images");
            } else {
                int outcomes = of[1] + of[2];
                int counted = tally.classified() + tally.rejected();
                if (counted > outcomes || tally.received() > of[0]) {
                    doubled.add(specimenId + " counts " + counted + " outcomes of " + tally.received()
                            + " images where there are " + outcomes + " of " + of[0] + candidates(specimenId));
                } else if (counted < outcomes || tally.received() < of[0]) {
                    uncounted.add(specimenId + " counts " + counted + " outcomes of " + tally.received()
                            + " images where there are " + outcomes + " of " + of[0]);
                }
            }
        });
        received.addAll(pending);
        received.addAll(lost);
        Sums all = new Sums();
        Map<@Nullable String, Sums> scanners = new TreeMap<>(Comparator.nullsLast(Comparator.naturalOrder()));
        Map<String, Sums> days = new TreeMap<>(Comparator.reverseOrder());
        for (String imageId : received) {
            Origin origin = origin(imageId);
            Ended outcome = outcomes.get(imageId);
            boolean waits = pending.contains(imageId);
            all.add(outcome, origin, waits);
            if (origin != null) {
                scanners.computeIfAbsent(origin.scanner(), _ -> new Sums()).add(outcome, origin, waits);
                days.computeIfAbsent(origin.day(), _ -> new Sums()).add(outcome, origin, waits);
            }
        }
        return new Balance(
                all.received,
                all.classified,
                all.rejected,
                all.rejectedByReason,
                List.copyOf(pending),
                List.copyOf(lost),
                List.copyOf(doubled),
                List.copyOf(uncounted),
                List.copyOf(unknown),
                all.oldest(),
                scanners.entrySet().stream()
                        .map(of -> of.getValue().ofScanner(of.getKey()))
                        .toList(),
                days.entrySet().stream()
                        .map(of -> of.getValue().ofDay(of.getKey()))
                        .toList());
    }

    /** By the receipt, which ingest wrote; else by the outcome; else by the log. */
    private @Nullable Origin origin(String imageId) {
        Origin receipt = receipted.get(imageId);
        Origin outcome = told.get(imageId);
        return receipt != null ? receipt : outcome != null ? outcome : logged.get(imageId);
    }

    private static final class Sums {
        private final Map<String, Integer> rejectedByReason = new TreeMap<>();
        private int received;
        private int classified;
        private int rejected;
        private int pending;
        private @Nullable Instant oldestPending;

        void add(@Nullable Ended outcome, @Nullable Origin origin, boolean waits) {
            received++;
            if (outcome != null && outcome.classified()) {
                classified++;
            } else if (outcome != null) {
                rejected++;
                rejectedByReason.merge(outcome.reason(), 1, Integer::sum);
            } else if (waits) {
                pending++;
                Instant oldest = oldestPending;
                if (origin != null && (oldest == null || origin.at().isBefore(oldest))) {
                    oldestPending = origin.at();
                }
            }
        }

        @Nullable
        String oldest() {
            return oldestPending == null ? null : oldestPending.toString();
        }

        Balance.ScannerLine ofScanner(@Nullable String scanner) {
            return new Balance.ScannerLine(
                    scanner, received, classified, rejected, rejectedByReason, pending, oldest());
        }

        Balance.DayLine ofDay(String day) {
            return new Balance.DayLine(day, received, classified, rejected, rejectedByReason, pending, oldest());
        }
    }

    private String candidates(String specimenId) {
        Set<String> several = new TreeSet<>();
        for (Map<String, Integer> outcomes : List.of(classified, rejected)) {
            outcomes.forEach((imageId, times) -> {
                if (times > 1 && specimenOf(imageId).equals(specimenId)) {
                    several.add(imageId);
                }
            });
        }
        return several.isEmpty() ? "" : "; images with several outcome records: " + String.join(", ", several);
    }

    private boolean hasOutcome(String imageId) {
        return outcomes.containsKey(imageId);
    }

    private static boolean isDone(Map<String, Long> next, Place place) {
        return place.offset() < next.getOrDefault(place.topic() + "/" + place.partition(), 0L);
    }

    private static String specimenOf(String imageId) {
        int dot = imageId.indexOf('.');
        return dot < 0 ? imageId : imageId.substring(0, dot);
    }
}
