package io.leukostream.results.domain;

import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Why a cell that was found does not count, as inference names it. A reason that this version does not know is one of
 * quality: who adds a gate adds a judgement.
 */
public final class GateReason {
    /**
     * The reasons that say where or how large a cell is, and nothing of how well it can be seen. A field cuts cells at its
     * edge however good it is, and clumps and platelets are found wherever a smear is crowded.
     */
    private static final Set<String> OF_SHAPE = Set.of("TOUCHES_BORDER", "SIZE_OUT_OF_RANGE");

    private GateReason() {}

    /** Whether a gate refused a cell for its quality; no for a cell that counts. */
    public static boolean ofQuality(@Nullable String gate) {
        return gate != null && !OF_SHAPE.contains(gate);
    }

    /** The reason in words, such as "out of focus"; a reason that is not known by its code. */
    public static String words(String gate) {
        return switch (gate) {
            case "TOUCHES_BORDER" -> "touches the border";
            case "EXPOSURE" -> "too dark or too bright";
            case "CLIPPED" -> "overexposed or underexposed in parts";
            case "STAIN" -> "unusual stain";
            case "NOT_IDENTIFIABLE" -> "damaged or smudged";
            case "UNLIKE_TRAINING" -> "unlike the cells of the training";
            default -> gate.toLowerCase(Locale.ROOT).replace('_', ' ');
        };
    }
}
