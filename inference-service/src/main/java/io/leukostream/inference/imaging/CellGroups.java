package io.leukostream.inference.imaging;

import static org.bytedeco.opencv.global.opencv_core.CV_32SC2;
import static org.bytedeco.opencv.global.opencv_imgproc.contourArea;
import static org.bytedeco.opencv.global.opencv_imgproc.convexHull;
import static org.bytedeco.opencv.global.opencv_imgproc.minEnclosingCircle;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Point2f;

/**
 * Which parts of nuclei are lobes of one cell. A cell is about round with its cytoplasm, however its nucleus is lobed,
 * while two cells that touch make an eight: their convex hull fills 0.57 of the circle around both if they are equal, and
 * less than 0.63 if not, against more than 0.7 for one cell. So the two near parts whose territories together fill their
 * circle best are joined first, and so on until no pair fills it well enough.
 */
final class CellGroups {
    private static final double FARTHEST_LOBE_MICROMETRES = 3;
    private static final double WIDEST_CELL_MICROMETRES = 24;
    private static final double WIDEST_NUCLEUS_MICROMETRES = 18;
    private static final double FILL = 0.68;
    /** At the rim of the image the circle is cut. */
    private static final double FILL_AT_RIM = 0.60;
    /** A part too small for a nucleus of its own belongs to a neighbour if it can. */
    private static final double FILL_OF_SMALL_PART = 0.55;

    private final int rows;
    private final int columns;
    private final double micrometresPerPx;
    private final double smallestNucleusPx;

    /**
     * A cell: the labels of its parts.
     *
     * @param nucleusPx pixels of all its parts
     */
    record Group(List<Integer> parts, int nucleusPx) {}

    /** Points are x, y in turn: the ends of the rows of territory and nucleus, and the rim of each part. */
    @SuppressWarnings("ArrayRecordComponent") // a working store of one call
    private record Candidate(List<Integer> parts, int nucleusPx, int[] territory, int[] nucleus, List<int[]> rims) {}

    CellGroups(int rows, int columns, double micrometresPerPx, double smallestNucleusMicrometres2) {
        this.rows = rows;
        this.columns = columns;
        this.micrometresPerPx = micrometresPerPx;
        this.smallestNucleusPx = smallestNucleusMicrometres2 / (micrometresPerPx * micrometresPerPx);
    }

    /**
     * Joins them.
     *
     * @param parts of nuclei
     * @param territories int [H,W], row by row: the part that a pixel of a cell belongs to, else 0
     */
    List<Group> of(NucleusParts parts, int[] territories) {
        List<Candidate> candidates = candidates(parts, territories);
        int count = candidates.size();
        boolean[][] near = new boolean[count][count];
        double[][] fill = new double[count][count];
        for (int one = 0; one < count; one++) {
            for (int other = 0; other < one; other++) {
                near[one][other] = areNear(candidates.get(one), candidates.get(other));
                near[other][one] = near[one][other];
                fill[one][other] = near[one][other] ? fill(candidates.get(one), candidates.get(other)) : 0;
            }
        }
        boolean[] joined = new boolean[count];
        int[] best = new int[count];
        boolean[] isStale = new boolean[count];
        Arrays.fill(isStale, true);
        while (true) {
            int keeper = -1;
            for (int a = 0; a < count; a++) {
                if (isStale[a]) {
                    best[a] = best(fill[a], a);
                    isStale[a] = false;
                }
                if (best[a] >= 0 && (keeper < 0 || fill[a][best[a]] > fill[keeper][best[keeper]])) {
                    keeper = a;
                }
            }
            if (keeper < 0) {
                break;
            }
            int other = best[keeper];
            candidates.set(keeper, join(candidates.get(keeper), candidates.get(other)));
            joined[other] = true;
            for (int k = 0; k < count; k++) {
                near[keeper][k] |= near[other][k];
                near[k][keeper] = near[keeper][k];
                near[other][k] = false;
                near[k][other] = false;
                set(fill, isStale, other, k, 0);
            }
            near[keeper][keeper] = false;
            for (int k = 0; k < count; k++) {
                if (near[keeper][k]) {
                    set(fill, isStale, keeper, k, fill(candidates.get(keeper), candidates.get(k)));
                }
            }
        }
        List<Group> groups = new ArrayList<>();
        for (int k = 0; k < count; k++) {
            if (!joined[k]) {
                groups.add(
                        new Group(candidates.get(k).parts(), candidates.get(k).nucleusPx()));
            }
        }
        return groups;
    }

    /** The first before that index with the highest value; -1 where none is above 0. */
    private static int best(double[] values, int before) {
        int best = -1;
        for (int k = 0; k < before; k++) {
            if (values[k] > 0 && (best < 0 || values[k] > values[best])) {
                best = k;
            }
        }
        return best;
    }

    private static void set(double[][] symmetric, boolean[] isStale, int one, int other, double value) {
        int row = Math.max(one, other);
        int column = Math.min(one, other);
        isStale[row] |= symmetric[row][column] != value;
        symmetric[row][column] = value;
    }

    private static Candidate join(Candidate one, Candidate other) {
        List<Integer> parts = new ArrayList<>(one.parts());
        parts.addAll(other.parts());
        List<int[]> rims = new ArrayList<>(one.rims());
        rims.addAll(other.rims());
        return new Candidate(
                parts,
                one.nucleusPx() + other.nucleusPx(),
                together(one.territory(), other.territory()),
                together(one.nucleus(), other.nucleus()),
                rims);
    }

    private static int[] together(int[] one, int[] other) {
        int[] both = Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, both, one.length, other.length);
        return both;
    }

    /** By part: the outermost points of its territory and of itself, and its rim. */
    private List<Candidate> candidates(NucleusParts parts, int[] territories) {
        int count = parts.count();
        List<List<Integer>> rims = lists(count);
        List<List<Integer>> nuclei = lists(count);
        List<List<Integer>> cells = lists(count);
        int[] areas = new int[count + 1];
        int[] owner = parts.owner();
        for (int y = 0; y < rows; y++) {
            for (int x = 0; x < columns; x++) {
                int at = y * columns + x;
                if (owner[at] != 0) {
                    areas[owner[at]]++;
                    if (isRim(owner, x, y)) {
                        add(rims.get(owner[at]), x, y);
                    }
                    if (endsInRow(owner, x, y)) {
                        add(nuclei.get(owner[at]), x, y);
                    }
                }
                if (territories[at] != 0 && endsInRow(territories, x, y)) {
                    add(cells.get(territories[at]), x, y);
                }
            }
        }
        List<Candidate> candidates = new ArrayList<>();
        for (int part = 1; part <= count; part++) {
            candidates.add(new Candidate(
                    List.of(part),
                    areas[part],
                    ints(cells.get(part)),
                    ints(nuclei.get(part)),
                    List.of(ints(rims.get(part)))));
        }
        return candidates;
    }

    private static List<List<Integer>> lists(int count) {
        List<List<Integer>> lists = new ArrayList<>();
        for (int k = 0; k <= count; k++) {
            lists.add(new ArrayList<>());
        }
        return lists;
    }

    private static void add(List<Integer> points, int x, int y) {
        points.add(x);
        points.add(y);
    }

    private static int[] ints(List<Integer> values) {
        return values.stream().mapToInt(Integer::intValue).toArray();
    }

    private boolean endsInRow(int[] labels, int x, int y) {
        int at = y * columns + x;
        return x == 0 || x == columns - 1 || labels[at - 1] != labels[at] || labels[at + 1] != labels[at];
    }

    private boolean isRim(int[] labels, int x, int y) {
        int at = y * columns + x;
        return endsInRow(labels, x, y)
                || y == 0
                || y == rows - 1
                || labels[at - columns] != labels[at]
                || labels[at + columns] != labels[at];
    }

    private boolean areNear(Candidate one, Candidate other) {
        double reachPx = FARTHEST_LOBE_MICROMETRES / micrometresPerPx;
        for (int[] a : one.rims()) {
            for (int[] b : other.rims()) {
                if (boxesAreNear(a, b, reachPx) && pointsAreNear(a, b, reachPx * reachPx)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean boxesAreNear(int[] a, int[] b, double reachPx) {
        for (int axis = 0; axis < 2; axis++) {
            int leastA = Integer.MAX_VALUE;
            int mostA = Integer.MIN_VALUE;
            int leastB = Integer.MAX_VALUE;
            int mostB = Integer.MIN_VALUE;
            for (int k = axis; k < a.length; k += 2) {
                leastA = Math.min(leastA, a[k]);
                mostA = Math.max(mostA, a[k]);
            }
            for (int k = axis; k < b.length; k += 2) {
                leastB = Math.min(leastB, b[k]);
                mostB = Math.max(mostB, b[k]);
            }
            if (leastA - mostB > reachPx || leastB - mostA > reachPx) {
                return false;
            }
        }
        return true;
    }

    private static boolean pointsAreNear(int[] a, int[] b, double reachPx2) {
        for (int i = 0; i < a.length; i += 2) {
            for (int k = 0; k < b.length; k += 2) {
                double dx = a[i] - b[k];
                double dy = a[i + 1] - b[k + 1];
                if (dx * dx + dy * dy <= reachPx2) {
                    return true;
                }
            }
        }
        return false;
    }

    /** How much of its circle the hull of both fills; 0 where they cannot be one cell. */
    private double fill(Candidate one, Candidate other) {
        try (PointerScope _ = new PointerScope()) {
            Mat points = points(together(one.territory(), other.territory()));
            double widthPx = circlePx(points);
            double nucleusPx = circlePx(points(together(one.nucleus(), other.nucleus())));
            if (widthPx * micrometresPerPx > WIDEST_CELL_MICROMETRES
                    || nucleusPx * micrometresPerPx > WIDEST_NUCLEUS_MICROMETRES) {
                return 0;
            }
            Mat hull = new Mat();
            convexHull(points, hull);
            double fill = contourArea(hull) / (Math.PI / 4 * widthPx * widthPx);
            double least = Math.min(one.nucleusPx(), other.nucleusPx()) < smallestNucleusPx
                    ? FILL_OF_SMALL_PART
                    : atRim(one.territory()) || atRim(other.territory()) ? FILL_AT_RIM : FILL;
            return fill >= least ? fill : 0;
        }
    }

    private boolean atRim(int[] points) {
        for (int k = 0; k < points.length; k += 2) {
            if (points[k] == 0 || points[k] == columns - 1 || points[k + 1] == 0 || points[k + 1] == rows - 1) {
                return true;
            }
        }
        return false;
    }

    private static Mat points(int[] coordinates) {
        Mat points = new Mat(coordinates.length / 2, 1, CV_32SC2);
        try (IntPointer at = new IntPointer(points.data())) {
            at.put(coordinates);
        }
        return points;
    }

    private static double circlePx(Mat points) {
        try (Point2f middle = new Point2f();
                FloatPointer radius = new FloatPointer(1)) {
            minEnclosingCircle(points, middle, radius);
            return 2.0 * radius.get();
        }
    }
}
