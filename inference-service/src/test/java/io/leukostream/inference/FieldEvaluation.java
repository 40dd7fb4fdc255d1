package io.leukostream.inference;

import io.leukostream.inference.domain.CellBox;
import io.leukostream.inference.domain.Kind;
import io.leukostream.inference.domain.Preparation;
import io.leukostream.inference.imaging.OpenCvImagePreparer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * How many of the boxed white cells of real blood fields are found, at an overlap (intersection over union) of a half, and
 * how many finds are none; once with a pixel size stated and once with it estimated. Not comparable with detectors that
 * were trained on such boxes. Run with the
 * {@code CLASSPATH} of {@link BareLoopBenchmark}: {@code java io.leukostream.inference.FieldEvaluation <data folder>/bccd
 * [µm per px]}.
 */
public final class FieldEvaluation {
    private static final double OVERLAP = 0.5;

    private FieldEvaluation() {}

    /** Runs it. */
    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        double stated = arguments.length > 1 ? Double.parseDouble(arguments[1]) : 0.072;
        OpenCvImagePreparer preparer = Fixtures.preparer(Fixtures.bundle());
        Map<String, List<CellBox>> boxes = boxes(folder.resolve("boxes.csv"));
        report(preparer, folder, boxes, "stated " + stated + " µm", OptionalDouble.of(stated));
        report(preparer, folder, boxes, "estimated", OptionalDouble.empty());
    }

    private static void report(
            OpenCvImagePreparer preparer,
            Path folder,
            Map<String, List<CellBox>> boxes,
            String name,
            OptionalDouble pixelSize)
            throws IOException {
        int found = 0;
        int wrong = 0;
        int missed = 0;
        int unknown = 0;
        List<Double> pixelSizes = new ArrayList<>();
        long began = System.nanoTime();
        List<Path> files;
        try (var listed = Files.list(folder.resolve("images"))) {
            files = listed.sorted().toList();
        }
        for (Path file : files) {
            List<CellBox> truth =
                    new ArrayList<>(boxes.getOrDefault(file.getFileName().toString(), List.of()));
            Preparation preparation =
                    preparer.prepare(TestDelivery.of(0, Kind.FIELD, pixelSize, Files.readAllBytes(file))
                            .image());
            if (preparation instanceof Preparation.Prepared prepared) {
                pixelSizes.add(prepared.quality().pixelSize().micrometres());
                for (var cell : prepared.cells()) {
                    ToDoubleFunction<CellBox> overlap = box -> overlap(box, cell.box());
                    CellBox best = truth.stream()
                            .max((a, b) -> Double.compare(overlap.applyAsDouble(a), overlap.applyAsDouble(b)))
                            .orElse(null);
                    if (best != null && overlap.applyAsDouble(best) >= OVERLAP) {
                        truth.remove(best);
                        found++;
                    } else {
                        wrong++;
                    }
                }
            } else {
                unknown++;
            }
            missed += truth.size();
        }
        pixelSizes.sort(Double::compare);
        Function<Double, Double> quantile =
                q -> pixelSizes.isEmpty() ? Double.NaN : pixelSizes.get((int) Math.floor(q * (pixelSizes.size() - 1)));
        System.out.printf(
                "%s: %d fields, recall %.3f, precision %.3f (%d found, %d missed, %d wrong), %d without pixel size, "
                        + "pixel size 5 %% %.4f, median %.4f, 95 %% %.4f µm, %.1f ms a field%n",
                name,
                files.size(),
                (double) found / (found + missed),
                (double) found / Math.max(1, found + wrong),
                found,
                missed,
                wrong,
                unknown,
                quantile.apply(0.05),
                quantile.apply(0.5),
                quantile.apply(0.95),
                (System.nanoTime() - began) / 1e6 / files.size());
    }

    private static double overlap(CellBox a, CellBox b) {
        double width = Math.min(a.xPx() + a.widthPx(), b.xPx() + b.widthPx()) - Math.max(a.xPx(), b.xPx());
        double height = Math.min(a.yPx() + a.heightPx(), b.yPx() + b.heightPx()) - Math.max(a.yPx(), b.yPx());
        double shared = Math.max(0, width) * Math.max(0, height);
        return shared / ((double) a.widthPx() * a.heightPx() + (double) b.widthPx() * b.heightPx() - shared);
    }

    private static Map<String, List<CellBox>> boxes(Path csv) throws IOException {
        Map<String, List<CellBox>> boxes = new HashMap<>();
        for (String line : Files.readAllLines(csv)) {
            String[] fields = line.split(",", -1);
            if (fields[2].equals("WBC")) {
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
