package io.leukostream.standalone.requeue;

import io.leukostream.events.Coordinates;
import io.leukostream.schemas.Identity;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What receipts and outcomes say of each image, as far as sending again needs it; pure, filled in any order. */
public final class ImageFates {
    private final Map<String, Fate> fates = new TreeMap<>();

    /**
     * An image that is to be sent again.
     *
     * @param attempt the new attempt's number
     * @param last where the last attempt lies
     * @param because why, for a person
     */
    public record Candidate(String imageId, int attempt, Coordinates last, String because) {}

    /**
     * An image that is not sent again.
     *
     * @param because why not, for a person
     */
    public record Refusal(String imageId, String because) {}

    /** What is sent again, and what was named and is not; both by image id. */
    public record Selection(List<Candidate> candidates, List<Refusal> refusals) {
        public Selection {
            candidates = List.copyOf(candidates);
            refusals = List.copyOf(refusals);
        }
    }

    private static final class Fate {
        private int lastAttempt;
        private @Nullable Coordinates last;
        private int countedAttempt;
        private boolean classified;
        private @Nullable String reason;

        void lies(int attempt, Coordinates at) {
            if (attempt > lastAttempt) {
                lastAttempt = attempt;
                last = at;
            } else if (attempt == lastAttempt && (last == null || isLater(at, last))) {
                last = at;
            }
        }

        /** Of two records in one partition the later one is kept longer; otherwise the answer must only be the same. */
        private static boolean isLater(Coordinates left, Coordinates right) {
            return left.getTopic().equals(right.getTopic())
                    && left.getPartition() == right.getPartition()
                    && left.getOffset() > right.getOffset();
        }

        void ended(int attempt, boolean asClassified, @Nullable String asReason) {
            if (attempt > countedAttempt || (attempt == countedAttempt && asClassified && !classified)) {
                countedAttempt = attempt;
                classified = asClassified;
                reason = asReason;
            }
        }
    }

    /** A receipt. */
    public void receipt(String imageId, int attempt, Coordinates image) {
        of(imageId).lies(attempt, image);
    }

    /** An image was read. */
    public void classified(String imageId, int attempt, Coordinates source) {
        of(imageId).lies(attempt, source);
        of(imageId).ended(attempt, true, null);
    }

    /** An image could not be used. */
    public void rejected(String imageId, int attempt, Coordinates source, String reason) {
        of(imageId).lies(attempt, source);
        of(imageId).ended(attempt, false, reason);
    }

    private Fate of(String imageId) {
        return fates.computeIfAbsent(imageId, _ -> new Fate());
    }

    /** The images that are meant. One whose last attempt has no outcome yet is pending, whatever became of an earlier one. */
    public Selection select(Wanted wanted) {
        List<Candidate> candidates = new ArrayList<>();
        List<Refusal> refusals = new ArrayList<>();
        wanted.imageIds().stream()
                .filter(imageId -> !fates.containsKey(imageId))
                .sorted()
                .forEach(imageId ->
                        refusals.add(new Refusal(imageId, "neither a receipt nor an outcome names this image")));
        fates.forEach((imageId, fate) -> {
            boolean named = wanted.imageIds().contains(imageId);
            Coordinates last = fate.last;
            if (last == null) {
                return;
            }
            String specimenId = imageId.indexOf('.') < 1 ? imageId : Identity.specimenIdOf(imageId);
            int next = fate.lastAttempt + 1;
            String reason = fate.reason;
            if (fate.lastAttempt > fate.countedAttempt) {
                if (named || wanted.meansPending(specimenId)) {
                    candidates.add(new Candidate(imageId, next, last, "pending as attempt " + fate.lastAttempt));
                }
            } else if (fate.classified || reason == null) {
                if (named) {
                    refusals.add(new Refusal(imageId, "was classified; there is nothing to send again"));
                }
            } else if (named || wanted.meansRejected(specimenId, reason)) {
                candidates.add(
                        new Candidate(imageId, next, last, "rejected " + reason + " at attempt " + fate.lastAttempt));
            }
        });
        return new Selection(candidates, refusals);
    }
}
