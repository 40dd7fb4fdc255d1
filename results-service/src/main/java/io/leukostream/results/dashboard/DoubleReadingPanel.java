package io.leukostream.results.dashboard;

import io.leukostream.results.rest.ReviewJson;
import io.leukostream.schemas.Identity;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How two readers agree.
 *
 * @param primary whose labels count
 * @param second the other
 * @param cells cells that both labelled
 * @param agreed those with the same label
 * @param kappa Cohen's kappa in figures; null where it is undefined
 * @param disagreements the others
 */
public record DoubleReadingPanel(
        String primary,
        String second,
        int cells,
        int agreed,
        @Nullable String kappa,
        List<Disagreement> disagreements) {
    /** Takes a copy of the list. */
    public DoubleReadingPanel {
        disagreements = List.copyOf(disagreements);
    }

    /** A cell on which two readers differ, with their labels in words. */
    public record Disagreement(String cellId, String imageId, String primary, String second) {}

    static DoubleReadingPanel of(ReviewJson.TwoReaders twice) {
        Double kappa = twice.kappa();
        return new DoubleReadingPanel(
                twice.primary(),
                twice.second(),
                twice.cells(),
                twice.agreed(),
                kappa == null ? null : String.format(Locale.ROOT, "%.2f", kappa),
                twice.disagreements().stream()
                        .map(each -> new Disagreement(
                                each.cellId(),
                                Identity.imageIdOf(each.cellId()),
                                CellTile.labelWords(each.primary()),
                                CellTile.labelWords(each.second())))
                        .toList());
    }
}
