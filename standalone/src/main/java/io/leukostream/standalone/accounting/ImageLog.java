package io.leukostream.standalone.accounting;

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

    private final Map<Place, String> images = new HashMap<>();
    private final Map<String, Place> receipts = new HashMap<>();
    private final Map<String, Integer> classified = new HashMap<>();
    private final Map<String, Integer> rejected = new HashMap<>();
    private final Map<String, String> reasons = new HashMap<>();
    private final Set<Place> answered = new HashSet<>();
    private final Set<String> specimens = new HashSet<>();
    private final Map<String, Tally> tallies = new HashMap<>();

    /** A record of an image topic; its key should be an image id. */
    public void image(Place place, @Nullable String key) {
        images.put(place, key == null ? place.toString() : key);
    }

    /** A receipt, with where it says that the image lies. */
    public void receipt(String imageId, Place image) {
        receipts.putIfAbsent(imageId, image);
    }

    /** An outcome that says how many cells an image has. */
    public void classified(String imageId, Place source) {
        classified.merge(imageId, 1, Integer::sum);
        answered.add(source);
    }

    /** An outcome that says why an image cannot be used. */
    public void rejected(String imageId, Place source, String reason) {
        rejected.merge(imageId, 1, Integer::sum);
        reasons.put(imageId, reason);
        answered.add(source);
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
        receipts.forEach((imageId, place) -> {
            if (!hasOutcome(imageId)) {
                (isDone(next, place) ? lost : pending).add(imageId);
            }
        });
        // An image sent again may wait in a second record; it is lost only if none of its records is still to come.
        lost.removeAll(pending);
        Set<String> received = new TreeSet<>(receipts.keySet());
        received.addAll(classified.keySet());
        received.addAll(rejected.keySet());
        Map<String, int[]> counts = new TreeMap<>();
        for (String imageId : received) {
            int[] of = counts.computeIfAbsent(specimenOf(imageId), id -> new int[3]);
            of[0]++;
            if (classified.containsKey(imageId) || rejected.containsKey(imageId)) {
                of[classified.containsKey(imageId) ? 1 : 2]++;
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
        Map<String, Integer> byReason = new TreeMap<>();
        int rejectedImages = 0;
        for (String imageId : rejected.keySet()) {
            if (!classified.containsKey(imageId)) {
                rejectedImages++;
                byReason.merge(reasons.getOrDefault(imageId, "UNKNOWN"), 1, Integer::sum);
            }
        }
        received.addAll(pending);
        received.addAll(lost);
        return new Balance(
                received.size(),
                classified.size(),
                rejectedImages,
                byReason,
                List.copyOf(pending),
                List.copyOf(lost),
                List.copyOf(doubled),
                List.copyOf(uncounted),
                List.copyOf(unknown));
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
        return classified.containsKey(imageId) || rejected.containsKey(imageId);
    }

    private static boolean isDone(Map<String, Long> next, Place place) {
        return place.offset() < next.getOrDefault(place.topic() + "/" + place.partition(), 0L);
    }

    private static String specimenOf(String imageId) {
        int dot = imageId.indexOf('.');
        return dot < 0 ? imageId : imageId.substring(0, dot);
    }
}
