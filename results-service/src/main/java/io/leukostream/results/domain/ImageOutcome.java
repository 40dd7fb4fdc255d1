package io.leukostream.results.domain;

import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How an image ended. */
public sealed interface ImageOutcome {
    /**
     * Which of several outcomes of one image counts: the greatest. Highest attempt, then classified over rejected, then
     * bundle version, then the hash; nothing in it depends on arrival.
     */
    Comparator<ImageOutcome> ORDER = Comparator.comparingInt(ImageOutcome::attempt)
            .thenComparingInt(outcome -> outcome instanceof Classified ? 1 : 0)
            .thenComparing(ImageOutcome::modelVersion, ModelBundle.BY_VERSION)
            .thenComparing(ImageOutcome::digest);

    /** From 1; a requeued image has a higher one. */
    int attempt();

    /** Version of the bundle at work. */
    String modelVersion();

    /** SHA-256 of the image's bytes, hexadecimal; null where they could not be read. */
    @Nullable
    String contentSha256();

    /** SHA-256 over what the outcome says, without codes, times, attempt or coordinates; hexadecimal. */
    String digest();

    /**
     * The image was read.
     *
     * @param cells sorted by box on the way in
     */
    record Classified(int attempt, String contentSha256, ModelBundle model, List<CellCall> cells)
            implements ImageOutcome {
        public Classified {
            cells = cells.stream().sorted(Comparator.comparing(CellCall::box)).toList();
        }

        @Override
        public String modelVersion() {
            return model.version();
        }

        @Override
        public String digest() {
            StringBuilder text = new StringBuilder();
            for (CellCall cell : cells) {
                text.append(cell.box())
                        .append(cell.blast() ? " BLAST " : " NOT_BLAST ")
                        .append(cell.probabilityTenThousandths())
                        .append(' ')
                        .append(cell.counts() ? "-" : cell.gate())
                        .append('\n');
            }
            return Fingerprint.of("CLASSIFIED", contentSha256, model.sha256(), text.toString());
        }
    }

    /** The image could not be used. */
    record Rejected(
            int attempt, @Nullable String contentSha256, String reason, String modelVersion, String bundleSha256)
            implements ImageOutcome {
        @Override
        public String digest() {
            return Fingerprint.of("REJECTED", contentSha256 == null ? "-" : contentSha256, bundleSha256, reason);
        }
    }
}
