package io.leukostream.results.domain;

import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How an image ended. */
public sealed interface ImageOutcome {
    /**
     * Which of several outcomes of one image counts: the greatest. Highest attempt, then classified over rejected, then
     * bundle version, then the hash, then what is only shown (the earliest day first); nothing in it depends on arrival.
     */
    Comparator<ImageOutcome> ORDER = Comparator.comparingInt(ImageOutcome::attempt)
            .thenComparingInt(outcome -> outcome instanceof Classified ? 1 : 0)
            .thenComparing(ImageOutcome::modelVersion, ModelBundle.BY_VERSION)
            .thenComparing(ImageOutcome::digest)
            .thenComparing(ImageOutcome::shown, Comparator.reverseOrder());

    /**
     * Where an image comes from.
     *
     * @param scanner the site's alias; null where it was not stated
     * @param day UTC day on which the image was received
     */
    record Origin(@Nullable String scanner, LocalDate day) {}

    /** From 1; a requeued image has a higher one. */
    int attempt();

    /** Version of the bundle at work. */
    String modelVersion();

    /** SHA-256 of the image's bytes, hexadecimal; null where they could not be read. */
    @Nullable
    String contentSha256();

    /** Where the image comes from; null where the record does not say when it was received. */
    @Nullable
    Origin origin();

    /** SHA-256 over what the outcome says, without codes, times, attempt or coordinates; hexadecimal. */
    String digest();

    /** What the outcome shows beyond its digest, as text: origin, form, figures, cell types and doubtful cells. */
    String shown();

    /**
     * The image was read.
     *
     * @param cells sorted by box on the way in
     * @param form what the image's record said that its specimen is; null where the outcome does not tell
     * @param focus variance of the Laplacian of the grey image
     * @param brightness mean of the grey image, 0..255
     */
    record Classified(
            int attempt,
            String contentSha256,
            ModelBundle model,
            List<CellCall> cells,
            @Nullable Origin origin,
            @Nullable ImageForm form,
            double focus,
            double brightness)
            implements ImageOutcome {
        public Classified {
            if (!Double.isFinite(focus) || !Double.isFinite(brightness)) {
                throw new IllegalArgumentException("no figures of an image: " + focus + ", " + brightness);
            }
            cells = cells.stream().sorted(Comparator.comparing(CellCall::box)).toList();
        }

        /** An outcome that nothing is known of but what decides. */
        public Classified(int attempt, String contentSha256, ModelBundle model, List<CellCall> cells) {
            this(attempt, contentSha256, model, cells, null, null, 0, 0);
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

        @Override
        public String shown() {
            StringBuilder text = new StringBuilder(said(origin));
            text.append(' ').append(form == null ? "~" : form.words());
            text.append(' ').append(focus).append(' ').append(brightness);
            cells.forEach(cell -> text.append(' ').append(cell.type()).append(cell.doubtful() ? "?" : ""));
            return text.toString();
        }
    }

    /** The image could not be used. */
    record Rejected(
            int attempt,
            @Nullable String contentSha256,
            String reason,
            String modelVersion,
            String bundleSha256,
            @Nullable Origin origin)
            implements ImageOutcome {
        /** An outcome that nothing is known of but what decides. */
        public Rejected(
                int attempt, @Nullable String contentSha256, String reason, String modelVersion, String bundleSha256) {
            this(attempt, contentSha256, reason, modelVersion, bundleSha256, null);
        }

        @Override
        public String digest() {
            return Fingerprint.of("REJECTED", contentSha256 == null ? "-" : contentSha256, bundleSha256, reason);
        }

        @Override
        public String shown() {
            return said(origin);
        }
    }

    /** An unknown day comes after every known one. */
    private static String said(@Nullable Origin origin) {
        return origin == null ? "~" : origin.day() + " " + origin.scanner();
    }
}
