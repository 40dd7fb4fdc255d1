package io.leukostream.results.domain;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * All cells that were found when a review began, gated ones too, frozen. Its id, its key and the order of its draws come
 * from the cells alone, so that the same cells are drawn in the same order in every data folder; nobody can pick the key,
 * and nobody knows a cell's place before the frame is frozen.
 */
public final class ReviewFrame {
    private final SortedSet<CellKey> cells;
    private final String contentHash;
    /** Computed when it is first asked for: a hash for each cell. */
    private volatile @Nullable List<CellKey> drawOrder;

    /** Freezes the cells; at least one. */
    public ReviewFrame(Collection<CellKey> cells) {
        if (cells.isEmpty()) {
            throw new IllegalArgumentException("a frame without cells can be drawn from never");
        }
        this.cells = new TreeSet<>(cells);
        this.contentHash = Fingerprint.of(
                "FRAME", this.cells.stream().map(CellKey::toString).collect(Collectors.joining("\n")));
    }

    /** Hash of the frozen cells, hexadecimal. */
    public String contentHash() {
        return contentHash;
    }

    /** Names the frame within its specimen. */
    public String id() {
        return "F-" + contentHash.substring(0, 16);
    }

    /** The key of the hash that orders the draws, hexadecimal. */
    public String drawKey() {
        return Fingerprint.of("DRAW", contentHash);
    }

    /** The cells in the order in which they are drawn. */
    public List<CellKey> drawOrder() {
        List<CellKey> known = drawOrder;
        if (known == null) {
            known = ordered();
            drawOrder = known;
        }
        return known;
    }

    private List<CellKey> ordered() {
        String key = drawKey();
        record Draw(String hash, CellKey cell) {}
        return cells.stream()
                .map(cell -> new Draw(Fingerprint.of(key, cell.toString()), cell))
                .sorted(Comparator.comparing(Draw::hash).thenComparing(Draw::cell))
                .map(Draw::cell)
                .toList();
    }

    /** How many cells were frozen. */
    public int size() {
        return cells.size();
    }

    /** Whether every one of these cells was there when the frame was frozen. */
    public boolean covers(Collection<CellKey> found) {
        return cells.containsAll(found);
    }

    /** Whether the cell is in the frame. */
    public boolean contains(CellKey cell) {
        return cells.contains(cell);
    }
}
