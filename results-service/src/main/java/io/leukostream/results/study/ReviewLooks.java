package io.leukostream.results.study;

import io.leukostream.results.domain.CellKey;
import io.leukostream.results.domain.Review;
import io.leukostream.results.domain.ReviewEvent;
import io.leukostream.results.domain.ReviewFrame;
import io.leukostream.results.domain.ReviewLabel;
import io.leukostream.results.domain.SpecimenTally;
import io.leukostream.results.domain.SpecimenType;
import io.leukostream.results.domain.SubjectRegions;
import io.leukostream.results.domain.VerdictPolicy;
import io.leukostream.results.domain.VerdictState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the policy says of a marrow by the labels of its first frame alone. The events of a review are put together, over a
 * frozen frame and in the order of its draw, and summed up and judged as the service does it; the state is a function of
 * two counts, so each pair of them is judged once. Threads may share it.
 */
final class ReviewLooks {
    private static final String READER = "reader";

    private final VerdictPolicy policy;
    private final SubjectRegions regions = new SubjectRegions();
    private final List<CellKey> cells = VirtualPatient.cells(new SplittableRandom(1));
    private final ReviewFrame frame = new ReviewFrame(cells);
    private final Map<Integer, VerdictState> known = new ConcurrentHashMap<>();

    ReviewLooks(VerdictPolicy policy) {
        this.policy = policy;
    }

    /** The state after some labels. */
    VerdictState state(int labelled, int blasts) {
        return known.computeIfAbsent(
                labelled * (VirtualPatient.CELLS + 1) + blasts,
                _ -> policy.assess(
                                SpecimenType.BONE_MARROW,
                                "CELL",
                                SpecimenTally.EMPTY,
                                review(labelled, blasts),
                                regions)
                        .state());
    }

    /** The review in which this many drawn cells are labelled, the first of them as blasts. */
    Review review(int labelled, int blasts) {
        List<ReviewEvent> events = new ArrayList<>();
        events.add(new ReviewEvent.FrameOpened("frame", Instant.EPOCH, frame));
        List<CellKey> drawn = frame.drawOrder();
        for (int k = 0; k < labelled; k++) {
            events.add(new ReviewEvent.Labelled(
                    "label " + k,
                    Instant.ofEpochSecond(1 + k),
                    frame.id(),
                    drawn.get(k),
                    k < blasts ? ReviewLabel.BLAST : ReviewLabel.NOT_BLAST,
                    READER));
        }
        return Review.of(events, cells);
    }
}
