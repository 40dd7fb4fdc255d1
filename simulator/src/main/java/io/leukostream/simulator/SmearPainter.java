package io.leukostream.simulator;

import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Draws the images of a ward. CELL images look like those of C-NMC 2019 (450 × 450 px, stain-normalised, black around
 * the cell); the areas of both kinds of cell follow that set's (median 157 µm² for blasts and 103 µm² for normal cells,
 * at an assumed 0.065 µm per px), and overlap as there. FIELD images are bright-field views with red cells of 7–8 µm and
 * platelets; their truth holds the white cells only.
 */
public final class SmearPainter {
    /** Edge of a pixel of a CELL image, µm. */
    public static final double CELL_PIXEL_SIZE_MICROMETRES = 0.065;
    /** Edge of a pixel of a FIELD image, µm. */
    public static final double FIELD_PIXEL_SIZE_MICROMETRES = 0.13;
    /** The most white cells that a field shows; more would not fit side by side. */
    public static final int MOST_CELLS_PER_FIELD = 10;

    private static final int CELL_SIDE_PX = 450;
    private static final int FIELD_WIDTH_PX = 1280;
    private static final int FIELD_HEIGHT_PX = 960;
    private static final int DARKEST_SHOWN_LEVEL = 14;
    private static final int PLACING_ATTEMPTS = 10_000;
    private static final int RED_CELL_ATTEMPTS = 400;

    /**
     * A drawn image with its truth.
     *
     * @param cells in the order of the labels that were asked for
     */
    public record Drawn(BufferedImage image, double pixelSizeMicrometres, List<CellTruth> cells) {
        public Drawn {
            cells = List.copyOf(cells);
        }
    }

    private record Place(double x, double y, double radiusPx) {
        boolean apartFrom(Place other, double share) {
            double dx = x - other.x;
            double dy = y - other.y;
            double apart = share * (radiusPx + other.radiusPx);
            return dx * dx + dy * dy >= apart * apart;
        }
    }

    private SmearPainter() {}

    /** Draws one image of a specimen. */
    public static Drawn draw(Ward.Specimen specimen, Ward.Image image) {
        Look look = Look.of(specimen.kind(), new SplittableRandom(specimen.lookSeed()));
        RandomGenerator random = new SplittableRandom(image.seed());
        return switch (specimen.kind()) {
            case CELL -> drawCell(image.cells().getFirst(), look, random);
            case FIELD -> drawField(image.cells(), look, random);
        };
    }

    /** Draws one cell in the middle of a black image. */
    static Drawn drawCell(CellLabel label, Look look, RandomGenerator random) {
        Canvas canvas = new Canvas(CELL_SIDE_PX, CELL_SIDE_PX);
        double pixel = CELL_PIXEL_SIZE_MICROMETRES;
        double radius = nucleusRadiusMicrometres(label, look, random) / pixel;
        Outline edge = nucleusOutline(label, radius, random);
        double x = CELL_SIDE_PX / 2.0 + 4 * random.nextGaussian();
        double y = CELL_SIDE_PX / 2.0 + 4 * random.nextGaussian();
        boolean[] shown = new boolean[CELL_SIDE_PX * CELL_SIDE_PX];
        Extent extent = new Extent(canvas);
        stamp(canvas, edge, x, y, (k, dx, dy, depth) -> {
            extent.add(k);
            canvas.cytoplasm[k] = 1;
            shown[k] = true;
        });
        Box box = extent.box();
        paintNucleus(canvas, label, edge, radius, x, y, 0.95, pixel, random);
        canvas.blur(look.focusBlurMicrometres() * (1 + 0.6 * random.nextDouble()) / pixel, box);
        Stain stain = look.stain().varied(0.08, random);
        BufferedImage image = canvas.taken(stain, Light.varied(random), shown, 0.6, random);
        for (int row = box.y(); row < box.y() + box.height(); row++) {
            for (int column = box.x(); column < box.x() + box.width(); column++) {
                if (shown[row * CELL_SIDE_PX + column]) {
                    image.setRGB(column, row, atLeast(DARKEST_SHOWN_LEVEL, image.getRGB(column, row)));
                }
            }
        }
        return new Drawn(image, pixel, List.of(new CellTruth(box, label)));
    }

    /**
     * Draws a field of view; its white cells lie wholly inside and apart from each other.
     *
     * @throws IllegalArgumentException if there are more than {@link #MOST_CELLS_PER_FIELD}
     */
    static Drawn drawField(List<CellLabel> labels, Look look, RandomGenerator random) {
        if (labels.size() > MOST_CELLS_PER_FIELD) {
            throw new IllegalArgumentException(
                    "a field shows at most " + MOST_CELLS_PER_FIELD + " white cells, not " + labels.size());
        }
        Canvas canvas = new Canvas(FIELD_WIDTH_PX, FIELD_HEIGHT_PX);
        double pixel = FIELD_PIXEL_SIZE_MICROMETRES;
        List<Place> places = new ArrayList<>();
        List<CellTruth> cells = new ArrayList<>();
        for (CellLabel label : labels) {
            double radius = nucleusRadiusMicrometres(label, look, random) / pixel;
            Outline nucleus = nucleusOutline(label, radius, random);
            double rim = (label == CellLabel.BLAST ? 0.5 : 0.7) + 0.9 * random.nextDouble();
            Outline cell = nucleus.grownBy(rim / pixel).shifted(0.6 * rim / pixel, random);
            Place place = freePlace(cell.reachPx() + 4, places, random);
            places.add(place);
            Extent extent = new Extent(canvas);
            stamp(canvas, cell, place.x, place.y, (k, dx, dy, depth) -> {
                extent.add(k);
                canvas.cytoplasm[k] = (float) (0.75 + 0.25 * Texture.smooth(Math.min(1, depth * pixel / 1.2)));
            });
            paintNucleus(canvas, label, nucleus, radius, place.x, place.y, 0.6, pixel, random);
            cells.add(new CellTruth(extent.box(), label));
        }
        paintRedCells(canvas, places, pixel, random);
        paintPlatelets(canvas, places, pixel, random);
        canvas.blur(
                look.focusBlurMicrometres() * (1.4 + random.nextDouble()) / pixel,
                new Box(0, 0, FIELD_WIDTH_PX, FIELD_HEIGHT_PX));
        boolean[] shown = new boolean[FIELD_WIDTH_PX * FIELD_HEIGHT_PX];
        Arrays.fill(shown, true);
        Stain stain = look.stain().varied(0.03, random);
        return new Drawn(canvas.taken(stain, Light.varied(random), shown, 1.2, random), pixel, cells);
    }

    private static double nucleusRadiusMicrometres(CellLabel label, Look look, RandomGenerator random) {
        double area = label == CellLabel.BLAST ? 150 : 100;
        double radius = StrictMath.sqrt(area / Math.PI) * look.size() * StrictMath.exp(0.09 * random.nextGaussian());
        return Math.clamp(radius, 3.8, 10.5);
    }

    private static Outline nucleusOutline(CellLabel label, double radiusPx, RandomGenerator random) {
        boolean blast = label == CellLabel.BLAST;
        boolean folded = random.nextDouble() < (blast ? 0.45 : 0.12);
        double elongation = 1 + (blast ? 0.30 : 0.22) * random.nextDouble();
        return Outline.of(radiusPx, elongation, blast ? 0.017 : 0.011, folded ? 1 : 0, random);
    }

    private static void paintNucleus(
            Canvas canvas,
            CellLabel label,
            Outline outline,
            double radiusPx,
            double x,
            double y,
            double edgeMicrometres,
            double pixelSizeMicrometres,
            RandomGenerator random) {
        Chromatin chromatin = new Chromatin(label, radiusPx, outline.reachPx() + 2, pixelSizeMicrometres, random);
        stamp(canvas, outline, x, y, (k, dx, dy, depth) -> {
            double thickness = Texture.smooth(Math.min(1, depth * pixelSizeMicrometres / edgeMicrometres));
            canvas.nucleus[k] = (float) thickness;
            canvas.chromatin[k] = (float) (thickness * chromatin.lightAt(dx, dy));
        });
    }

    private static void paintRedCells(
            Canvas canvas, List<Place> whiteCells, double pixelSizeMicrometres, RandomGenerator random) {
        List<Place> redCells = new ArrayList<>();
        for (int attempt = 0; attempt < RED_CELL_ATTEMPTS; attempt++) {
            double radius = (3.6 + 0.3 * random.nextGaussian()) / pixelSizeMicrometres;
            Place place = new Place(
                    canvas.widthPx * (1.1 * random.nextDouble() - 0.05),
                    canvas.heightPx * (1.1 * random.nextDouble() - 0.05),
                    radius);
            Outline outline = Outline.of(radius, 1 + 0.15 * random.nextDouble(), 0.008, 0, random);
            double pallor = 0.35 + 0.35 * random.nextDouble();
            if (whiteCells.stream().allMatch(cell -> place.apartFrom(cell, 0.97))
                    && redCells.stream().allMatch(cell -> place.apartFrom(cell, 0.9))) {
                redCells.add(place);
                stamp(canvas, outline, place.x, place.y, (k, dx, dy, depth) -> {
                    double in = depth / radius;
                    double hollow = Texture.smooth(Math.clamp((in - 0.3) / 0.4, 0, 1));
                    canvas.redCell[k] += (float) (Texture.smooth(Math.min(1, in / 0.12)) * (1 - pallor * hollow));
                });
            }
        }
    }

    private static void paintPlatelets(
            Canvas canvas, List<Place> whiteCells, double pixelSizeMicrometres, RandomGenerator random) {
        int count = 6 + random.nextInt(12);
        for (int n = 0; n < count; n++) {
            double radius = (0.8 + 0.6 * random.nextDouble()) / pixelSizeMicrometres;
            Place place =
                    new Place(canvas.widthPx * random.nextDouble(), canvas.heightPx * random.nextDouble(), radius);
            Outline outline = Outline.of(radius, 1 + 0.4 * random.nextDouble(), 0.06, 0, random);
            Texture grains = new Texture(0.35 / pixelSizeMicrometres, outline.reachPx() + 2, random);
            if (whiteCells.stream().allMatch(cell -> place.apartFrom(cell, 1))) {
                stamp(canvas, outline, place.x, place.y, (k, dx, dy, depth) -> {
                    double thickness = Texture.smooth(Math.min(1, depth / radius * 2));
                    canvas.cytoplasm[k] += (float) (0.6 * thickness);
                    canvas.nucleus[k] += (float) (thickness * Math.max(0, 0.22 + 0.12 * grains.at(dx, dy)));
                });
            }
        }
    }

    private static Place freePlace(double reachPx, List<Place> taken, RandomGenerator random) {
        for (int attempt = 0; attempt < PLACING_ATTEMPTS; attempt++) {
            Place place = new Place(
                    reachPx + (FIELD_WIDTH_PX - 2 * reachPx) * random.nextDouble(),
                    reachPx + (FIELD_HEIGHT_PX - 2 * reachPx) * random.nextDouble(),
                    reachPx);
            if (taken.stream().allMatch(other -> place.apartFrom(other, 1.05))) {
                return place;
            }
        }
        throw new IllegalStateException("no free place for a white cell of radius " + reachPx + " px");
    }

    private interface Brush {
        /** Paints pixel {@code k}, which lies at (dx, dy) from the centre and at a depth inside the outline; all px. */
        void paint(int k, double dx, double dy, double depthPx);
    }

    /** The smallest box around the pixels that were added to it. */
    private static final class Extent {
        private final int widthPx;
        private int left = Integer.MAX_VALUE;
        private int top = Integer.MAX_VALUE;
        private int right = -1;
        private int bottom = -1;

        Extent(Canvas canvas) {
            widthPx = canvas.widthPx;
        }

        void add(int k) {
            left = Math.min(left, k % widthPx);
            right = Math.max(right, k % widthPx);
            top = Math.min(top, k / widthPx);
            bottom = Math.max(bottom, k / widthPx);
        }

        Box box() {
            return new Box(left, top, right - left + 1, bottom - top + 1);
        }
    }

    /** Lets the brush paint every pixel of the canvas that lies inside the outline. */
    private static void stamp(Canvas canvas, Outline outline, double x, double y, Brush brush) {
        double reach = outline.reachPx();
        int lastRow = Math.min(canvas.heightPx - 1, (int) Math.ceil(y + reach));
        int lastColumn = Math.min(canvas.widthPx - 1, (int) Math.ceil(x + reach));
        for (int row = Math.max(0, (int) Math.floor(y - reach)); row <= lastRow; row++) {
            for (int column = Math.max(0, (int) Math.floor(x - reach)); column <= lastColumn; column++) {
                double depth = outline.depthPx(column - x, row - y);
                if (depth >= 0) {
                    brush.paint(row * canvas.widthPx + column, column - x, row - y, depth);
                }
            }
        }
    }

    private static int atLeast(int level, int rgb) {
        int blue = Math.max(level, rgb & 0xff);
        return (rgb & 0xffff00) | blue;
    }
}
