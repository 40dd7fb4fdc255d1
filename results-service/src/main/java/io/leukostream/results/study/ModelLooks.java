package io.leukostream.results.study;

import io.leukostream.results.domain.ModelBundle;
import io.leukostream.results.domain.Review;
import io.leukostream.results.domain.SpecimenTally;
import io.leukostream.results.domain.SpecimenType;
import io.leukostream.results.domain.SubjectRegions;
import io.leukostream.results.domain.VerdictPolicy;
import io.leukostream.results.domain.VerdictState;
import java.math.BigInteger;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the policy says of a marrow whose cells one bundle called, without a review. It is a function of two counts, so
 * each pair of them is judged once. For one thread.
 */
final class ModelLooks {
    private final VerdictPolicy policy;
    private final SubjectRegions regions;
    private final ModelBundle bundle;
    private final @Nullable VerdictState[][] known = new VerdictState[VirtualPatient.CELLS + 1][];

    ModelLooks(VerdictPolicy policy, SubjectRegions regions, ModelBundle bundle) {
        this.policy = policy;
        this.regions = regions;
        this.bundle = bundle;
    }

    /** The state after some cells. */
    VerdictState state(int counted, int calledBlast) {
        @Nullable VerdictState[] row = known[counted];
        if (row == null) {
            row = new VerdictState[counted + 1];
            known[counted] = row;
        }
        VerdictState state = row[calledBlast];
        if (state == null) {
            state = policy.assess(
                            SpecimenType.BONE_MARROW, "CELL", tally(bundle, counted, calledBlast), Review.NONE, regions)
                    .state();
            row[calledBlast] = state;
        }
        return state;
    }

    /** The sums over images of one cell each. */
    static SpecimenTally tally(ModelBundle bundle, int counted, int calledBlast) {
        SortedMap<String, SpecimenTally.ModelShare> shares = new TreeMap<>();
        shares.put(bundle.sha256(), new SpecimenTally.ModelShare(bundle, counted, counted, calledBlast));
        return new SpecimenTally(
                counted,
                counted,
                new TreeMap<>(),
                shares,
                0,
                0,
                0,
                new TreeMap<>(),
                new TreeMap<>(),
                new TreeMap<>(),
                BigInteger.ZERO);
    }
}
