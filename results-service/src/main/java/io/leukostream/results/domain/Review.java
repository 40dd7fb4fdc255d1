package io.leukostream.results.domain;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What people said of a specimen's cells, as a function of the set of their events.
 *
 * <p>The rules that keep the sequence of a frame valid: the draw order is fixed by the frozen frame; only the fully
 * labelled prefix of it counts, so that a hard cell cannot be skipped; only the labels of one primary reader count, the
 * first who labelled a drawn cell of the frame (a second one is double reading); a label on a cell that a reviewer chose
 * corrects that cell and enters no sequence.
 *
 * <p>Cells that are found later are in no older frame: only frames that cover all cells count. A specimen may thus have
 * several sequences, and the level is spent over them: the j-th, by size, gets {@code 0.8 · 0.2^(j−1)} of α, in all no
 * more than α however many are opened. So every decision of every frame holds at once.
 *
 * @param shown by cell, the newest label that was not withdrawn
 * @param sequences one per frame, smallest frame first
 */
public record Review(SortedMap<CellKey, ShownLabel> shown, List<Sequence> sequences) {
    /** Nobody said anything. */
    public static final Review NONE = new Review(new TreeMap<>(), List.of());

    private static final double FIRST_FRAME_SHARE = 0.8;
    private static final double NEXT_FRAME_FACTOR = 0.2;

    public Review {
        sequences = List.copyOf(sequences);
    }

    /** The label that a cell shows. */
    public record ShownLabel(ReviewLabel label, String reviewer) {}

    /**
     * The labels of one frame.
     *
     * @param alphaShare the share of the review's α that this frame spends
     * @param coversAll whether no cell was found after it was frozen
     * @param drawn cells of the fully labelled prefix
     * @param labelled those of them that are cells
     * @param blasts those labelled BLAST
     * @param primaryReader null before the first label
     */
    public record Sequence(
            ReviewFrame frame,
            double alphaShare,
            boolean coversAll,
            int drawn,
            int labelled,
            int blasts,
            @Nullable String primaryReader) {

        /** The interval of the fraction of blasts by these labels alone. */
        public Interval interval(double reviewAlpha) {
            return ConfidenceSequence.interval(blasts, labelled, reviewAlpha * alphaShare);
        }
    }

    /**
     * Sums up a set of events.
     *
     * @param events in any order, with repetitions
     * @param found every cell of the outcomes that count, gated ones too
     */
    public static Review of(Collection<ReviewEvent> events, Collection<CellKey> found) {
        List<ReviewEvent> ordered = ordered(events);

        SortedMap<CellKey, ShownLabel> shown = new TreeMap<>();
        labelsByReader(ordered, null).forEach((cell, labels) -> {
            // The readers are in the order of their last word.
            Map.Entry<String, ReviewLabel> newest = labels.lastEntry();
            if (newest != null) {
                shown.put(cell, new ShownLabel(newest.getValue(), newest.getKey()));
            }
        });

        SortedMap<String, ReviewFrame> frames = new TreeMap<>();
        for (ReviewEvent event : ordered) {
            if (event instanceof ReviewEvent.FrameOpened opened) {
                frames.put(opened.frame().id(), opened.frame());
            }
        }
        List<ReviewFrame> bySize = frames.values().stream()
                .sorted(Comparator.comparingInt(ReviewFrame::size).thenComparing(ReviewFrame::contentHash))
                .toList();
        List<Sequence> sequences = new ArrayList<>();
        double share = FIRST_FRAME_SHARE;
        for (ReviewFrame frame : bySize) {
            sequences.add(sequence(frame, share, ordered, frame.covers(found)));
            share *= NEXT_FRAME_FACTOR;
        }
        return new Review(shown, sequences);
    }

    /** Each event once, in the order in which they count. */
    static List<ReviewEvent> ordered(Collection<ReviewEvent> events) {
        SortedMap<String, ReviewEvent> byId = new TreeMap<>();
        events.forEach(event -> byId.put(event.eventId(), event));
        return byId.values().stream().sorted(ReviewEvent.ORDER).toList();
    }

    private static Sequence sequence(
            ReviewFrame frame, double alphaShare, List<ReviewEvent> ordered, boolean coversAll) {
        String primary = ordered.stream()
                .filter(ReviewEvent.Labelled.class::isInstance)
                .map(ReviewEvent.Labelled.class::cast)
                .filter(event -> frame.id().equals(event.frameId()) && frame.contains(event.cell()))
                .map(ReviewEvent.Labelled::reviewer)
                .findFirst()
                .orElse(null);
        int drawn = 0;
        int labelled = 0;
        int blasts = 0;
        if (primary != null) {
            var labels = labelsByReader(ordered, frame.id());
            for (CellKey cell : frame.drawOrder()) {
                var readers = labels.get(cell);
                ReviewLabel label = readers == null ? null : readers.get(primary);
                if (label == null) {
                    break;
                }
                drawn++;
                labelled += label == ReviewLabel.NOT_A_CELL ? 0 : 1;
                blasts += label == ReviewLabel.BLAST ? 1 : 0;
            }
        }
        return new Sequence(frame, alphaShare, coversAll, drawn, labelled, blasts, primary);
    }

    /** By cell, each reader's label that stands, in the order of the last word; of one frame, or of all events. */
    static Map<CellKey, SequencedMap<String, ReviewLabel>> labelsByReader(
            List<ReviewEvent> ordered, @Nullable String frameId) {
        Map<CellKey, SequencedMap<String, ReviewLabel>> labels = new TreeMap<>();
        for (ReviewEvent event : ordered) {
            switch (event) {
                case ReviewEvent.FrameOpened opened -> {}
                case ReviewEvent.Labelled given -> {
                    if (frameId == null || frameId.equals(given.frameId())) {
                        labels.computeIfAbsent(given.cell(), cell -> new LinkedHashMap<>())
                                .putLast(given.reviewer(), given.label());
                    }
                }
                case ReviewEvent.Withdrawn withdrawn -> {
                    var readers = labels.get(withdrawn.cell());
                    if (readers != null && (frameId == null || frameId.equals(withdrawn.frameId()))) {
                        readers.remove(withdrawn.reviewer());
                    }
                }
            }
        }
        return labels;
    }

    /** The share of the review's α that the next label from a frame over all cells found is judged with. */
    double nextAlphaShare() {
        return current()
                .map(Sequence::alphaShare)
                .orElseGet(() -> FIRST_FRAME_SHARE * Math.pow(NEXT_FRAME_FACTOR, sequences.size()));
    }

    /** The newest frame that covers every cell found; empty where a new one is needed. */
    public Optional<Sequence> current() {
        return sequences.reversed().stream().filter(Sequence::coversAll).findFirst();
    }

    /** How many cells of a frame carry each reader's label that stands, by name; drawn ones only. */
    public static SortedMap<String, Integer> labelsStanding(ReviewFrame frame, Collection<ReviewEvent> events) {
        SortedMap<String, Integer> standing = new TreeMap<>();
        labelsByReader(ordered(events), frame.id()).forEach((cell, readers) -> {
            if (frame.contains(cell)) {
                readers.keySet().forEach(reader -> standing.merge(reader, 1, Integer::sum));
            }
        });
        return standing;
    }

    /** The cells of a frame that this reviewer has not labelled in it, in the order of the draw. */
    public static List<CellKey> nextDraws(ReviewFrame frame, Collection<ReviewEvent> events, String reviewer) {
        var labels = labelsByReader(ordered(events), frame.id());
        return frame.drawOrder().stream()
                .filter(cell -> {
                    var readers = labels.get(cell);
                    return readers == null || !readers.containsKey(reviewer);
                })
                .toList();
    }

    /** Hash over frames and labels, without codes, names and times; hexadecimal. */
    String digest() {
        StringBuilder text = new StringBuilder();
        for (Sequence sequence : sequences) {
            text.append(sequence.frame().contentHash())
                    .append(' ')
                    .append(sequence.coversAll())
                    .append(' ')
                    .append(sequence.drawn())
                    .append(' ')
                    .append(sequence.labelled())
                    .append(' ')
                    .append(sequence.blasts())
                    .append('\n');
        }
        shown.forEach((cell, label) ->
                text.append(cell).append(' ').append(label.label()).append('\n'));
        return Fingerprint.of("REVIEW", text.toString());
    }
}
