package io.leukostream.inference.imaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.leukostream.inference.Fixtures;
import io.leukostream.inference.TestDelivery;
import io.leukostream.inference.domain.CellBox;
import io.leukostream.inference.domain.Gate;
import io.leukostream.inference.domain.Kind;
import io.leukostream.inference.domain.Preparation.Prepared;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Point;
import org.bytedeco.opencv.opencv_core.Rect;
import org.bytedeco.opencv.opencv_core.Scalar;
import org.bytedeco.opencv.opencv_core.Size;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Fields drawn at 0.1 µm per px: white cells, red cells of 7.4 µm, platelets; and some real images where there are. */
class WhiteCellFinderTest {
    private static final double MICROMETRES_PER_PX = 0.1;
    private static final Scalar BACKGROUND = new Scalar(225, 230, 232, 0);
    private static final Scalar RED_CELL = new Scalar(160, 150, 205, 0);
    private static final Scalar CYTOPLASM = new Scalar(205, 150, 175, 0);
    private static final Scalar NUCLEUS = new Scalar(140, 50, 95, 0);
    private static OpenCvImagePreparer preparer;

    @BeforeAll
    static void load() {
        preparer = Fixtures.preparer(Fixtures.bundle());
    }

    @Test
    void twoCellsWhoseNucleiTouchAreTwo() {
        try (PointerScope _ = new PointerScope()) {
            // Given
            Mat field = fieldOfRedCells();
            disk(field, 350, 300, 58, CYTOPLASM);
            disk(field, 454, 300, 58, CYTOPLASM);
            disk(field, 350, 300, 53, NUCLEUS);
            disk(field, 454, 300, 53, NUCLEUS);

            // When
            List<CellBox> boxes = boxes(find(field));

            // Then
            assertEquals(2, boxes.size(), boxes.toString());
            assertNear(new CellBox(292, 242, 110, 116), boxes.get(0));
            assertNear(new CellBox(402, 242, 110, 116), boxes.get(1));
        }
    }

    @Test
    void theLobesOfANeutrophilAreOneCell() {
        try (PointerScope _ = new PointerScope()) {
            // Given
            Mat field = fieldOfRedCells();
            disk(field, 400, 300, 65, CYTOPLASM);
            disk(field, 370, 275, 24, NUCLEUS);
            disk(field, 432, 280, 25, NUCLEUS);
            disk(field, 395, 335, 24, NUCLEUS);

            // When
            List<CellBox> boxes = boxes(find(field));

            // Then
            assertEquals(1, boxes.size(), boxes.toString());
            assertNear(new CellBox(335, 235, 130, 130), boxes.getFirst());
        }
    }

    @Test
    void unevenLightOfAnotherColourChangesNothing() {
        try (PointerScope _ = new PointerScope()) {
            // Given
            Mat field = fieldOfRedCells();
            for (Point middle : List.of(new Point(130, 130), new Point(400, 300), new Point(690, 480))) {
                disk(field, middle.x(), middle.y(), 60, CYTOPLASM);
                disk(field, middle.x(), middle.y(), 48, NUCLEUS);
            }
            List<CellBox> even = boxes(find(field));

            // When
            List<CellBox> uneven = boxes(find(shaded(field)));

            // Then
            assertEquals(3, even.size(), even.toString());
            assertEquals(3, uneven.size(), uneven.toString());
            for (int k = 0; k < 3; k++) {
                assertNear(even.get(k), uneven.get(k));
            }
        }
    }

    @Test
    void plateletsAreCountedAndNotFound() {
        try (PointerScope _ = new PointerScope()) {
            // Given
            Mat field = fieldOfRedCells();
            disk(field, 400, 300, 60, CYTOPLASM);
            disk(field, 400, 300, 48, NUCLEUS);
            disk(field, 125, 130, 13, NUCLEUS);
            disk(field, 675, 460, 14, NUCLEUS);

            // When
            WhiteCellFinder.Found found = find(field);

            // Then
            assertEquals(1, found.cells().size());
            assertEquals(2, found.tooSmall());
        }
    }

    @Test
    void redCellsAloneAreNoWhiteCells() {
        try (PointerScope _ = new PointerScope()) {
            // When
            WhiteCellFinder.Found found = find(fieldOfRedCells());

            // Then
            assertEquals(List.of(), boxes(found));
        }
    }

    @Test
    void aBurstNucleusIsASmudgeAndAWholeOneIsNot() {
        // Given
        byte[] field;
        try (PointerScope _ = new PointerScope()) {
            Mat bgr = fieldOfRedCells();
            Mat smudge = new Mat(bgr, new Rect(20, 150, 300, 300));
            smudge.setTo(Pixels.scalar(228));
            disk(smudge, 150, 150, 70, NUCLEUS);
            Mat run = new Mat();
            opencv_imgproc.GaussianBlur(smudge, run, new Size(0, 0), 25);
            run.copyTo(smudge);
            disk(bgr, 560, 300, 60, CYTOPLASM);
            disk(bgr, 560, 300, 48, NUCLEUS);
            field = png(bgr);
        }

        // When
        Prepared prepared =
                (Prepared) preparer.prepare(TestDelivery.of(0, Kind.FIELD, OptionalDouble.of(MICROMETRES_PER_PX), field)
                        .image());

        // Then
        assertEquals(2, prepared.cells().size());
        assertEquals(
                1,
                prepared.cells().stream().filter(c -> c.gate() == Gate.SMUDGE).count());
        assertTrue(prepared.cells().stream()
                .anyMatch(c -> c.gate() == null && c.box().xPx() > 400));
    }

    @Test
    void aSingleCellIsFoundWhateverTheNominalScale() {
        // Given
        byte[] image;
        try (PointerScope _ = new PointerScope()) {
            Mat bgr = new Mat(250, 250, opencv_core.CV_8UC3, BACKGROUND);
            disk(bgr, 25, 30, 37, RED_CELL);
            disk(bgr, 125, 130, 66, CYTOPLASM);
            disk(bgr, 125, 130, 52, NUCLEUS);
            disk(bgr, 230, 15, 50, NUCLEUS);
            image = png(bgr);
        }

        // When
        Prepared prepared = (Prepared) preparer.prepare(
                TestDelivery.of(0, Kind.CELL, OptionalDouble.empty(), image).image());

        // Then
        assertEquals(1, prepared.cells().size());
        assertNear(new CellBox(59, 64, 132, 132), prepared.cells().getFirst().box());
    }

    @Test
    void realMarrowCellsAreFoundNearTheMiddle() throws IOException {
        // Given
        Optional<Path> data = Fixtures.realImages();
        assumeTrue(
                data.isPresent(),
                "skipped: the real images are not on this machine; LEUKOSTREAM_TEST_DATA names their folder");
        List<Path> files;
        try (var listed = Files.list(data.orElseThrow().resolve("bmc_marrow").resolve("BLA"))) {
            files = listed.sorted().limit(40).toList();
        }

        // When
        int nearMiddle = 0;
        for (Path file : files) {
            Prepared prepared = (Prepared)
                    preparer.prepare(TestDelivery.of(0, Kind.CELL, OptionalDouble.empty(), Files.readAllBytes(file))
                            .image());
            boolean near = prepared.cells().stream()
                    .map(cell -> cell.box())
                    .anyMatch(box -> Math.abs(box.xPx() + box.widthPx() / 2.0 - 125) < 60
                            && Math.abs(box.yPx() + box.heightPx() / 2.0 - 125) < 60);
            nearMiddle += near ? 1 : 0;
        }

        // Then
        assertTrue(nearMiddle >= 36, nearMiddle + " of " + files.size());
    }

    private static WhiteCellFinder.Found find(Mat field) {
        return new WhiteCellFinder(field, MICROMETRES_PER_PX).find();
    }

    private static List<CellBox> boxes(WhiteCellFinder.Found found) {
        return found.cells().stream()
                .map(cell -> cell.cell().box())
                .sorted((a, b) -> Integer.compare(a.xPx(), b.xPx()))
                .toList();
    }

    private static void assertNear(CellBox expected, CellBox actual) {
        String message = expected + " against " + actual;
        assertEquals(expected.xPx(), actual.xPx(), 10, message);
        assertEquals(expected.yPx(), actual.yPx(), 10, message);
        assertEquals(expected.widthPx(), actual.widthPx(), 14, message);
        assertEquals(expected.heightPx(), actual.heightPx(), 14, message);
    }

    private static Mat fieldOfRedCells() {
        Mat bgr = new Mat(600, 800, opencv_core.CV_8UC3, BACKGROUND);
        for (int row = 0; row < 5; row++) {
            for (int column = 0; column < 7; column++) {
                disk(bgr, 70 + 110 * column, 70 + 112 * row, 37, RED_CELL);
            }
        }
        return bgr;
    }

    /** Half as bright in one corner, and there of another colour. */
    private static Mat shaded(Mat field) {
        byte[] levels = Pixels.bytes(field);
        double[] loss = {0.5, 0.35, 0.15};
        for (int y = 0, at = 0; y < field.rows(); y++) {
            for (int x = 0; x < field.cols(); x++) {
                double along = ((double) x / field.cols() + (double) y / field.rows()) / 2;
                for (int channel = 0; channel < 3; channel++, at++) {
                    levels[at] = (byte) (int) Math.round((levels[at] & 0xFF) * (1 - loss[channel] * along * along));
                }
            }
        }
        Mat shaded = field.clone();
        shaded.data().put(levels);
        return shaded;
    }

    private static void disk(Mat bgr, int x, int y, int radius, Scalar colour) {
        opencv_imgproc.ellipse(bgr, new Point(x, y), new Size(radius, radius), 0, 0, 360, colour, -1, 8, 0);
    }

    private static byte[] png(Mat bgr) {
        BytePointer buffer = new BytePointer();
        opencv_imgcodecs.imencode(".png", bgr, buffer);
        byte[] file = new byte[(int) buffer.limit()];
        buffer.get(file);
        return file;
    }
}
