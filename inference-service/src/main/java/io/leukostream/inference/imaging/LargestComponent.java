package io.leukostream.inference.imaging;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC1;

import io.leukostream.inference.domain.CellBox;
import java.util.Arrays;
import java.util.Optional;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Scalar;

/**
 * The largest 8-connected component of a mask, the first of equals in reading order. Joins the runs of each row to those
 * of the row above (union-find), which costs a quarter of labelling every pixel as OpenCV does: a cell has a few hundred
 * runs and two hundred thousand pixels.
 */
final class LargestComponent {
    /** More than any picture of a cell has; beyond it the mask is noise, and memory has a bound. */
    private static final int MOST_RUNS = 1 << 20;

    private final int rows;
    private final int columns;
    private int[] rowOf = new int[1024];
    private int[] from = new int[1024];
    private int[] to = new int[1024];
    private int[] parent = new int[1024];
    private int runs;

    private LargestComponent(int rows, int columns) {
        this.rows = rows;
        this.columns = columns;
    }

    /**
     * Finds it.
     *
     * @param background uint8 [H,W], 0 where the components are
     * @param smallestPx pixels that it must have
     * @return empty where there is none, or the mask is noise
     */
    static Optional<Region> of(Mat background, int smallestPx) {
        LargestComponent component = new LargestComponent(background.rows(), background.cols());
        return component.readRuns(background) ? component.largest(smallestPx) : Optional.empty();
    }

    /** False where there are too many. */
    private boolean readRuns(Mat background) {
        byte[] row = new byte[columns];
        int above = 0;
        for (int y = 0; y < rows; y++) {
            try (BytePointer pixels = background.ptr(y)) {
                pixels.get(row);
            }
            int first = runs;
            for (int x = 0; x < columns; x++) {
                if (row[x] == 0) {
                    int start = x;
                    while (x < columns && row[x] == 0) {
                        x++;
                    }
                    if (runs == MOST_RUNS) {
                        return false;
                    }
                    add(y, start, x);
                }
            }
            join(above, first);
            above = first;
        }
        return true;
    }

    private void add(int row, int start, int end) {
        if (runs == rowOf.length) {
            rowOf = Arrays.copyOf(rowOf, 2 * runs);
            from = Arrays.copyOf(from, 2 * runs);
            to = Arrays.copyOf(to, 2 * runs);
            parent = Arrays.copyOf(parent, 2 * runs);
        }
        rowOf[runs] = row;
        from[runs] = start;
        to[runs] = end;
        parent[runs] = runs;
        runs++;
    }

    /** Joins runs first.. of this row to runs above..first−1 of the row before; they touch at corners too. */
    private void join(int above, int first) {
        int upper = above;
        for (int run = first; run < runs; run++) {
            while (upper < first && to[upper] < from[run]) {
                upper++;
            }
            for (int touching = upper; touching < first && from[touching] <= to[run]; touching++) {
                int a = root(touching);
                int b = root(run);
                parent[Math.max(a, b)] = Math.min(a, b);
            }
        }
    }

    private int root(int run) {
        int root = run;
        while (parent[root] != root) {
            parent[root] = parent[parent[root]];
            root = parent[root];
        }
        return root;
    }

    private Optional<Region> largest(int smallestPx) {
        int[] areas = new int[runs];
        int largest = -1;
        for (int run = 0; run < runs; run++) {
            areas[root(run)] += to[run] - from[run];
        }
        for (int run = 0; run < runs; run++) {
            if (areas[run] >= smallestPx && (largest < 0 || areas[run] > areas[largest])) {
                largest = run;
            }
        }
        return largest < 0 ? Optional.empty() : Optional.of(region(largest, areas[largest]));
    }

    private Region region(int root, int areaPx) {
        int left = columns;
        int right = 0;
        int top = rowOf[root];
        int bottom = top;
        for (int run = root; run < runs; run++) {
            if (root(run) == root) {
                left = Math.min(left, from[run]);
                right = Math.max(right, to[run]);
                bottom = rowOf[run];
            }
        }
        Mat mask = new Mat(bottom - top + 1, right - left, CV_8UC1, Scalar.all(0));
        byte[] inside = new byte[right - left];
        Arrays.fill(inside, (byte) 255);
        for (int run = root; run < runs; run++) {
            if (root(run) == root) {
                try (BytePointer pixels = mask.ptr(rowOf[run] - top, from[run] - left)) {
                    pixels.put(inside, 0, to[run] - from[run]);
                }
            }
        }
        return new Region(new CellBox(left, top, right - left, bottom - top + 1), mask, areaPx);
    }
}
