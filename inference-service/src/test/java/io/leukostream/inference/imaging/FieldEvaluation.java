package io.leukostream.inference.imaging;

import static org.bytedeco.opencv.global.opencv_core.bitwise_and;
import static org.bytedeco.opencv.global.opencv_core.bitwise_or;
import static org.bytedeco.opencv.global.opencv_core.countNonZero;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_GRAYSCALE;
import static org.bytedeco.opencv.global.opencv_imgcodecs.imread;
import static org.bytedeco.opencv.global.opencv_imgcodecs.imwrite;
import static org.bytedeco.opencv.global.opencv_imgproc.CHAIN_APPROX_NONE;
import static org.bytedeco.opencv.global.opencv_imgproc.RETR_EXTERNAL;
import static org.bytedeco.opencv.global.opencv_imgproc.drawContours;
import static org.bytedeco.opencv.global.opencv_imgproc.findContours;
import static org.bytedeco.opencv.global.opencv_imgproc.rectangle;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.leukostream.inference.Fixtures;
import io.leukostream.inference.TestDelivery;
import io.leukostream.inference.domain.CellBox;
import io.leukostream.inference.domain.Gate;
import io.leukostream.inference.domain.Kind;
import io.leukostream.inference.domain.Preparation;
import io.leukostream.inference.domain.PreparedCell;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.MatVector;
import org.bytedeco.opencv.opencv_core.Point;
import org.bytedeco.opencv.opencv_core.Rect;
import org.bytedeco.opencv.opencv_core.Scalar;

/**
 * How well white cells are found in real fields. A cell counts as found at an overlap (intersection over union of the
 * boxes) of a half. Not comparable with detectors that were trained on such boxes: nothing here is learned; thresholds
 * were set on the tuning half. Run with the {@code CLASSPATH} of {@link io.leukostream.inference.BareLoopBenchmark}:
 *
 * <p>{@code java io.leukostream.inference.imaging.FieldEvaluation <data folder> <output folder> [TEST|TUNING]}
 *
 * <p>An image belongs to the test half where the fourth byte of SHA-256 of {@code leukostream-fields-1|<file name>} is odd.
 * Prints the figures and writes them with a list of misses into {@code fields.json}, and a picture of each image with a
 * miss beside it: found cells green, their nuclei blue, true boxes red. BCCD's {@code excluded} images are left out. Runs
 * on one thread.
 */
public final class FieldEvaluation {
    private static final double OVERLAP = 0.5;
    private static final double BCCD_MICROMETRES = 0.072;
    /** By the width of whole red cells in its images, 7.4 µm; the set's authors state none. */
    private static final double MARROW_MICROMETRES = 0.09;

    private static final int NUCLEUS_LEVEL = 200;
    private static final int CELL_LEVEL = 64;
    private static final int COMPOSED_FIELDS = 30;
    private static final int CELLS_A_FIELD = 20;
    private static final int BACKGROUNDS = 10;
    private static final int SOURCES = 150;
    private static final int SINGLE_CELL_IMAGES = 100;
    private static final int SEED = 20_260_101;

    private final Path data;
    private final Path output;
    private final boolean test;
    private final OpenCvImagePreparer preparer = Fixtures.preparer(Fixtures.bundle());
    private final Map<String, Object> figures = new LinkedHashMap<>();

    private FieldEvaluation(Path data, Path output, boolean test) {
        this.data = data;
        this.output = output;
        this.test = test;
    }

    /** Runs it. */
    public static void main(String[] arguments) throws IOException {
        boolean test = arguments.length < 3 || !arguments[2].equals("TUNING");
        FieldEvaluation evaluation =
                new FieldEvaluation(Path.of(arguments[0]), Files.createDirectories(Path.of(arguments[1])), test);
        evaluation.figures.put("half", test ? "TEST" : "TUNING");
        evaluation.bccd("bccd stated", OptionalDouble.of(BCCD_MICROMETRES));
        evaluation.bccd("bccd estimated", OptionalDouble.empty());
        evaluation.chula();
        evaluation.composed();
        evaluation.singleCells("bmc_marrow stated", "bmc_marrow", OptionalDouble.of(MARROW_MICROMETRES));
        evaluation.singleCells("bmc_marrow", "bmc_marrow", OptionalDouble.empty());
        evaluation.singleCells("pbc", "pbc", OptionalDouble.empty());
        new ObjectMapper()
                .enable(SerializationFeature.INDENT_OUTPUT)
                .writeValue(evaluation.output.resolve("fields.json").toFile(), evaluation.figures);
    }

    /** Counts over the images of one set. */
    private static final class Tally {
        private int images;
        private int found;
        private int missed;
        private int wrong;
        private int tooSmall;
        private long nanoseconds;
        private final List<String> misses = new ArrayList<>();
        private final List<String> withoutPixelSize = new ArrayList<>();
        private final List<Double> pixelSizes = new ArrayList<>();
        private final Map<String, Integer> gates = new TreeMap<>();
        private final long[] nucleus = new long[2];
        private final long[] cell = new long[2];

        private Map<String, Object> figures() {
            Map<String, Object> figures = new LinkedHashMap<>();
            figures.put("images", images);
            figures.put("recall", round((double) found / (found + missed)));
            figures.put("precision", round((double) found / Math.max(1, found + wrong)));
            figures.put("found", found);
            figures.put("missed", missed);
            figures.put("wrong", wrong);
            figures.put("gates", gates);
            figures.put("leftOutAsTooSmall", tooSmall);
            if (nucleus[1] > 0) {
                figures.put("nucleusDice", round((double) nucleus[0] / nucleus[1]));
                figures.put("cellDice", round((double) cell[0] / cell[1]));
            }
            if (!pixelSizes.isEmpty()) {
                figures.put("pixelSizeMicrometres", quantiles(pixelSizes));
            }
            if (nanoseconds > 0) {
                figures.put("fieldsPerSecond", round(images / (nanoseconds / 1e9)));
            }
            figures.put("withoutPixelSize", withoutPixelSize);
            figures.put("misses", misses);
            return figures;
        }
    }

    private void bccd(String name, OptionalDouble stated) throws IOException {
        Path folder = data.resolve("bccd");
        Set<String> excluded = new HashSet<>();
        Map<String, List<CellBox>> boxes = boxes(folder.resolve("boxes.csv"), "WBC", excluded);
        Tally tally = new Tally();
        // The first pass warms up, so that the second may be timed.
        for (boolean timed : new boolean[] {false, true}) {
            for (Path file : half(folder.resolve("images"))) {
                if (excluded.contains(file.getFileName().toString())) {
                    continue;
                }
                byte[] bytes = Files.readAllBytes(file);
                long began = System.nanoTime();
                Preparation preparation = preparer.prepare(
                        TestDelivery.of(0, Kind.FIELD, stated, bytes).image());
                if (timed) {
                    tally.nanoseconds += System.nanoTime() - began;
                    count(tally, name, file, preparation, boxes);
                }
            }
        }
        report(name, tally);
    }

    private void chula() throws IOException {
        Path folder = data.resolve("chula_wbc");
        Map<String, List<CellBox>> boxes = boxes(folder.resolve("boxes.csv"), "", new HashSet<>());
        Tally tally = new Tally();
        try (var files = Files.list(folder.resolve("images"))) {
            for (Path file : files.sorted().toList()) {
                Preparation preparation = preparer.prepare(
                        TestDelivery.of(0, Kind.FIELD, OptionalDouble.empty(), Files.readAllBytes(file))
                                .image());
                count(tally, "chula_wbc", file, preparation, boxes);
            }
        }
        report("chula_wbc estimated, all six images", tally);
    }

    private void count(Tally tally, String name, Path file, Preparation preparation, Map<String, List<CellBox>> boxes) {
        String image = file.getFileName().toString();
        List<CellBox> truth = boxes.getOrDefault(image, List.of());
        tally.images++;
        if (!(preparation instanceof Preparation.Prepared prepared)) {
            tally.missed += truth.size();
            tally.withoutPixelSize.add(image);
            truth.forEach(box -> tally.misses.add(image + " missed " + box));
            return;
        }
        tally.pixelSizes.add(prepared.quality().pixelSize().micrometres());
        for (PreparedCell cell : prepared.cells()) {
            Gate gate = cell.gate();
            tally.gates.merge(gate == null ? "NONE" : gate.name(), 1, Integer::sum);
        }
        try (PointerScope _ = new PointerScope()) {
            Mat bgr = imread(file.toString());
            WhiteCellFinder.Found found =
                    new WhiteCellFinder(bgr, prepared.quality().pixelSize().micrometres()).find();
            tally.tooSmall += found.tooSmall();
            match(tally, name, image, bgr, found.cells(), truth);
            Path masks = file.resolveSibling("../masks/" + image.replace(".jpg", ".png"));
            if (Files.exists(masks)) {
                Mat mask = imread(masks.toString(), IMREAD_GRAYSCALE);
                overlap(tally.nucleus, Pixels.within(mask, NUCLEUS_LEVEL, 255), painted(bgr, found.cells(), true));
                overlap(tally.cell, Pixels.within(mask, CELL_LEVEL, 255), painted(bgr, found.cells(), false));
            }
        }
    }

    private static void overlap(long[] sums, Mat truth, Mat found) {
        Mat both = new Mat();
        bitwise_and(truth, found, both);
        sums[0] += 2L * countNonZero(both);
        sums[1] += countNonZero(truth) + countNonZero(found);
    }

    private static Mat painted(Mat bgr, List<WhiteCell> cells, boolean nuclei) {
        Mat mask = Pixels.mask(new byte[bgr.rows() * bgr.cols()], bgr.rows(), bgr.cols());
        for (WhiteCell cell : cells) {
            CellBox box = cell.cell().box();
            Mat there = new Mat(mask, new Rect(box.xPx(), box.yPx(), box.widthPx(), box.heightPx()));
            bitwise_or(there, nuclei ? cell.nucleus() : cell.cell().mask(), there);
        }
        return mask;
    }

    /** Greedy by overlap: the best pair first. */
    private void match(Tally tally, String name, String image, Mat bgr, List<WhiteCell> cells, List<CellBox> truth) {
        record Pair(int cell, int box, double overlap) {}
        List<Pair> pairs = new ArrayList<>();
        for (int cell = 0; cell < cells.size(); cell++) {
            for (int box = 0; box < truth.size(); box++) {
                pairs.add(new Pair(cell, box, overlap(cells.get(cell).cell().box(), truth.get(box))));
            }
        }
        pairs.sort(Comparator.comparingDouble(pair -> -pair.overlap()));
        Set<Integer> usedCells = new HashSet<>();
        Set<Integer> usedBoxes = new HashSet<>();
        for (Pair pair : pairs) {
            if (pair.overlap() >= OVERLAP && !usedCells.contains(pair.cell()) && !usedBoxes.contains(pair.box())) {
                usedCells.add(pair.cell());
                usedBoxes.add(pair.box());
            }
        }
        tally.found += usedBoxes.size();
        tally.missed += truth.size() - usedBoxes.size();
        tally.wrong += cells.size() - usedCells.size();
        for (int box = 0; box < truth.size(); box++) {
            if (!usedBoxes.contains(box)) {
                tally.misses.add(image + " missed " + truth.get(box));
            }
        }
        for (int cell = 0; cell < cells.size(); cell++) {
            if (!usedCells.contains(cell)) {
                tally.misses.add(image + " wrong " + cells.get(cell).cell().box());
            }
        }
        if (usedBoxes.size() < truth.size() || usedCells.size() < cells.size()) {
            draw(name + " " + image, bgr, cells, truth);
        }
    }

    private void draw(String name, Mat bgr, List<WhiteCell> cells, List<CellBox> truth) {
        Mat picture = bgr.clone();
        for (WhiteCell cell : cells) {
            outline(picture, cell.cell().mask(), cell.cell().box(), new Scalar(0, 255, 0, 0));
            outline(picture, cell.nucleus(), cell.cell().box(), new Scalar(255, 0, 0, 0));
        }
        for (CellBox box : truth) {
            Rect rectangle = new Rect(box.xPx(), box.yPx(), box.widthPx(), box.heightPx());
            rectangle(picture, rectangle, new Scalar(0, 0, 255, 0), 1, 8, 0);
        }
        String file = name.replace(' ', '-').replace(".jpg", "") + ".png";
        if (!imwrite(output.resolve(file).toString(), picture)) {
            throw new IllegalStateException("no picture could be written: " + file);
        }
    }

    private static void outline(Mat picture, Mat mask, CellBox box, Scalar colour) {
        MatVector contours = new MatVector();
        findContours(mask.clone(), contours, RETR_EXTERNAL, CHAIN_APPROX_NONE, new Point(box.xPx(), box.yPx()));
        drawContours(picture, contours, -1, colour);
    }

    private void composed() throws IOException {
        Set<String> excluded = new HashSet<>();
        Map<String, List<CellBox>> boxes = boxes(data.resolve("bccd/boxes.csv"), "WBC", excluded);
        Random random = new Random(SEED);
        Tally tally = new Tally();
        int touching = 0;
        try (PointerScope _ = new PointerScope()) {
            List<Mat> backgrounds = new ArrayList<>();
            for (Path file : half(data.resolve("bccd/images"))) {
                if (backgrounds.size() < BACKGROUNDS
                        && !excluded.contains(file.getFileName().toString())) {
                    backgroundOf(
                                    imread(file.toString()),
                                    boxes.getOrDefault(file.getFileName().toString(), List.of()))
                            .ifPresent(backgrounds::add);
                }
            }
            if (backgrounds.isEmpty()) {
                throw new IllegalStateException("this half has no half field without white cells");
            }
            List<Path> files = new ArrayList<>();
            for (String type : List.of("BLA", "LYT", "MON", "NGS", "EOS", "PMO")) {
                files.addAll(half(data.resolve("bmc_marrow").resolve(type)));
            }
            Collections.shuffle(files, random);
            List<MarrowComposer.Source> sources = new ArrayList<>();
            for (Path file : files) {
                if (sources.size() < SOURCES) {
                    Mat bgr = imread(file.toString());
                    new WhiteCellFinder(bgr, MARROW_MICROMETRES)
                            .find().cells().stream()
                                    .min(Comparator.comparingDouble(
                                            cell -> toCentre(cell.cell().box(), bgr)))
                                    .ifPresent(cell -> sources.addAll(MarrowComposer.sources(bgr, cell)));
                }
            }
            for (int k = 0; k < COMPOSED_FIELDS; k++) {
                MarrowComposer.Field field =
                        MarrowComposer.compose(backgrounds.get(k % backgrounds.size()), sources, CELLS_A_FIELD, random);
                touching += field.touching();
                long began = System.nanoTime();
                WhiteCellFinder.Found found = new WhiteCellFinder(field.bgr(), MARROW_MICROMETRES).find();
                tally.nanoseconds += System.nanoTime() - began;
                tally.images++;
                tally.tooSmall += found.tooSmall();
                match(tally, "composed", "field-" + k, field.bgr(), found.cells(), field.cells());
            }
        }
        report("composed marrow", tally);
        figures.put("composed marrow, cells laid against another", touching);
    }

    /** The left or the right half of a field, at the marrow's scale, if no white cell is in it. */
    private static Optional<Mat> backgroundOf(Mat bgr, List<CellBox> boxes) {
        List<CellBox> cells = new ArrayList<>(boxes);
        new WhiteCellFinder(bgr, BCCD_MICROMETRES)
                .find()
                .cells()
                .forEach(cell -> cells.add(cell.cell().box()));
        int width = bgr.cols() / 2;
        double scale = BCCD_MICROMETRES / MARROW_MICROMETRES;
        for (int left : new int[] {0, width}) {
            if (cells.stream().noneMatch(box -> box.xPx() < left + width && box.xPx() + box.widthPx() > left)) {
                Mat part = new Mat(bgr, new Rect(left, 0, width, bgr.rows())).clone();
                return Optional.of(
                        Pixels.resized(part, (int) Math.round(scale * width), (int) Math.round(scale * bgr.rows())));
            }
        }
        return Optional.empty();
    }

    private static double toCentre(CellBox box, Mat bgr) {
        return Math.hypot(
                box.xPx() + box.widthPx() / 2.0 - bgr.cols() / 2.0,
                box.yPx() + box.heightPx() / 2.0 - bgr.rows() / 2.0);
    }

    /** Images of single cells with their surroundings: whether a cell is found, how near the middle, and its gate. */
    private void singleCells(String name, String set, OptionalDouble stated) throws IOException {
        List<Path> files = new ArrayList<>();
        try (var folders = Files.list(data.resolve(set))) {
            for (Path folder : folders.filter(Files::isDirectory)
                    .filter(f -> !f.endsWith("platelet"))
                    .sorted()
                    .toList()) {
                files.addAll(half(folder));
            }
        }
        Collections.shuffle(files, new Random(SEED));
        Map<String, Integer> gates = new TreeMap<>();
        Map<String, Integer> origins = new TreeMap<>();
        List<String> without = new ArrayList<>();
        List<Double> fromMiddle = new ArrayList<>();
        List<Double> sizes = new ArrayList<>();
        List<Double> pixelSizes = new ArrayList<>();
        for (Path file : files.subList(0, SINGLE_CELL_IMAGES)) {
            Preparation.Prepared prepared = (Preparation.Prepared)
                    preparer.prepare(TestDelivery.of(0, Kind.CELL, stated, Files.readAllBytes(file))
                            .image());
            origins.merge(prepared.quality().pixelSize().origin().name(), 1, Integer::sum);
            pixelSizes.add(prepared.quality().pixelSize().micrometres());
            if (prepared.cells().isEmpty()) {
                without.add(file.getFileName().toString());
                continue;
            }
            PreparedCell cell = prepared.cells().getFirst();
            Gate gate = cell.gate();
            gates.merge(gate == null ? "NONE" : gate.name(), 1, Integer::sum);
            CellBox box = cell.box();
            double side =
                    Math.max(prepared.quality().widthPx(), prepared.quality().heightPx());
            fromMiddle.add(Math.hypot(
                            box.xPx() + box.widthPx() / 2.0 - prepared.quality().widthPx() / 2.0,
                            box.yPx()
                                    + box.heightPx() / 2.0
                                    - prepared.quality().heightPx() / 2.0)
                    / side);
            sizes.add(Math.max(box.widthPx(), box.heightPx()) / side);
        }
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("images", SINGLE_CELL_IMAGES);
        result.put("withoutCell", without.size());
        result.put("gates", gates);
        result.put("pixelSizeOrigins", origins);
        result.put("pixelSizeMicrometres", quantiles(pixelSizes));
        result.put("distanceToMiddleBySide", quantiles(fromMiddle));
        result.put("widthBySide", quantiles(sizes));
        result.put("files", without);
        print(name, result);
    }

    private void report(String name, Tally tally) {
        print(name, tally.figures());
    }

    private void print(String name, Map<String, Object> result) {
        figures.put(name, result);
        System.out.println(name);
        result.forEach((key, value) -> {
            if (!(value instanceof List<?> list)) {
                System.out.println("  " + key + " " + value);
            } else if (!list.isEmpty()) {
                System.out.println("  " + key + " " + list.size());
            }
        });
    }

    private static Map<String, Double> quantiles(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        Map<String, Double> quantiles = new LinkedHashMap<>();
        for (double q : new double[] {0.05, 0.5, 0.95}) {
            quantiles.put(
                    String.format(Locale.ROOT, "%.2f", q),
                    sorted.isEmpty() ? Double.NaN : round(sorted.get((int) Math.floor(q * (sorted.size() - 1)))));
        }
        return quantiles;
    }

    private static double round(double value) {
        return Math.round(value * 1e4) / 1e4;
    }

    private List<Path> half(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.sorted()
                    .filter(file -> isTest(file.getFileName().toString()) == test)
                    .toList();
        }
    }

    private static boolean isTest(String name) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(("leukostream-fields-1|" + name).getBytes(StandardCharsets.UTF_8));
            return (digest[3] & 1) == 1;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static double overlap(CellBox a, CellBox b) {
        double width = Math.min(a.xPx() + a.widthPx(), b.xPx() + b.widthPx()) - Math.max(a.xPx(), b.xPx());
        double height = Math.min(a.yPx() + a.heightPx(), b.yPx() + b.heightPx()) - Math.max(a.yPx(), b.yPx());
        double shared = Math.max(0, width) * Math.max(0, height);
        return shared / ((double) a.widthPx() * a.heightPx() + (double) b.widthPx() * b.heightPx() - shared);
    }

    /** By image, the boxes of a class, or of any where it is empty. */
    private static Map<String, List<CellBox>> boxes(Path csv, String wanted, Set<String> excluded) throws IOException {
        Map<String, List<CellBox>> boxes = new HashMap<>();
        List<String> lines = Files.readAllLines(csv);
        for (String line : lines.subList(1, lines.size())) {
            String[] fields = line.split(",", -1);
            if (fields[1].equals("excluded")) {
                excluded.add(fields[0]);
            } else if (wanted.isEmpty() || fields[2].equals(wanted)) {
                int x = Integer.parseInt(fields[3]);
                int y = Integer.parseInt(fields[4]);
                boxes.computeIfAbsent(fields[0], _ -> new ArrayList<>())
                        .add(new CellBox(
                                x,
                                y,
                                Math.max(1, Integer.parseInt(fields[5]) - x),
                                Math.max(1, Integer.parseInt(fields[6]) - y)));
            }
        }
        return boxes;
    }
}
