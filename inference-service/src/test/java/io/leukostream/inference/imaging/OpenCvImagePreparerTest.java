package io.leukostream.inference.imaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leukostream.inference.Fixtures;
import io.leukostream.inference.TestDelivery;
import io.leukostream.inference.domain.CellBox;
import io.leukostream.inference.domain.Gate;
import io.leukostream.inference.domain.Kind;
import io.leukostream.inference.domain.PixelSize;
import io.leukostream.inference.domain.Preparation;
import io.leukostream.inference.domain.PreparedCell;
import io.leukostream.inference.domain.RejectionReason;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.OptionalDouble;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Point;
import org.bytedeco.opencv.opencv_core.Scalar;
import org.bytedeco.opencv.opencv_core.Size;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class OpenCvImagePreparerTest {
    private static final double PIXEL_SIZE = 0.1;
    private static OpenCvImagePreparer preparer;

    @BeforeAll
    static void load() {
        preparer = Fixtures.preparer(Fixtures.bundle());
    }

    @Test
    void aTruncatedFileIsRefusedAsSuch() {
        // Given
        byte[] jpeg = Fixtures.golden("jpeg-450.jpg");

        // When
        Preparation half = prepare(Kind.CELL, OptionalDouble.empty(), Arrays.copyOf(jpeg, jpeg.length / 2));
        Preparation empty = prepare(Kind.CELL, OptionalDouble.empty(), Arrays.copyOf(jpeg, 12));

        // Then
        assertRefused(RejectionReason.IMAGE_TRUNCATED, half);
        assertRefused(RejectionReason.IMAGE_TRUNCATED, empty);
    }

    @Test
    void aTextIsRefusedAsUnsupported() {
        // When
        Preparation preparation =
                prepare(Kind.CELL, OptionalDouble.empty(), "no image".getBytes(StandardCharsets.UTF_8));

        // Then
        assertRefused(RejectionReason.UNSUPPORTED_MEDIA_TYPE, preparation);
    }

    @Test
    void aHeaderThatClaimsTooManyPixelsIsRefusedBeforeAnythingIsDecoded() {
        // Given
        byte[] png = Fixtures.golden("small-450.png").clone();
        java.nio.ByteBuffer.wrap(png).putInt(16, 60_000).putInt(20, 60_000);
        long before = Pointer.totalBytes();

        // When
        Preparation preparation = prepare(Kind.CELL, OptionalDouble.empty(), png);

        // Then
        assertRefused(RejectionReason.PIXEL_BUDGET_EXCEEDED, preparation);
        assertEquals(before, Pointer.totalBytes());
    }

    @Test
    void anImageOfOneCellIsNotLargerThanAnyCellCouldBe() {
        // Given
        byte[] png = Fixtures.golden("small-450.png").clone();
        java.nio.ByteBuffer.wrap(png).putInt(16, 4_097).putInt(20, 4_096);

        // When
        Preparation preparation = prepare(Kind.CELL, OptionalDouble.empty(), png);

        // Then
        assertRefused(RejectionReason.PIXEL_BUDGET_EXCEEDED, preparation);
    }

    @Test
    void aFieldThatIsLargerThanMemoryAllowsIsRefused() {
        // Given
        byte[] blank;
        try (PointerScope _ = new PointerScope()) {
            blank = Pixels.jpeg(new Mat(4_000, 3_001, opencv_core.CV_8UC3, Scalar.all(220)));
        }

        // When
        Preparation large = prepare(Kind.FIELD, OptionalDouble.of(0.2), blank);
        Preparation small = prepare(Kind.FIELD, OptionalDouble.of(0.18), blank);

        // Then
        assertRefused(RejectionReason.PIXEL_BUDGET_EXCEEDED, large);
        assertInstanceOf(Preparation.Prepared.class, small);
    }

    @Test
    void aFieldWithMoreCellsThanARecordHoldsIsRefused() {
        // Given
        byte[] crowded;
        try (PointerScope _ = new PointerScope()) {
            Mat bgr = new Mat(3_000, 3_000, opencv_core.CV_8UC3, new Scalar(225, 230, 232, 0));
            for (int y = 30; y < 2_980; y += 55) {
                for (int x = 30; x < 2_980; x += 55) {
                    circle(bgr, x, y, 15, new Scalar(140, 50, 95, 0));
                }
            }
            crowded = Pixels.jpeg(bgr);
        }

        // When
        Preparation preparation = prepare(Kind.FIELD, OptionalDouble.of(0.2), crowded);

        // Then
        assertRefused(RejectionReason.EVIDENCE_TOO_LARGE, preparation);
    }

    @Test
    void aFileOfTheRightFormWithoutAnImageInsideIsUnreadable() {
        // Given
        byte[] png = Fixtures.golden("small-450.png").clone();
        Arrays.fill(png, 60, png.length - 40, (byte) 0x55);

        // When
        Preparation preparation = prepare(Kind.CELL, OptionalDouble.empty(), png);

        // Then
        assertInstanceOf(Preparation.Refused.class, preparation);
    }

    @Test
    void aFieldGivesItsWhiteCellsTheirGatesAndADisplay() {
        // Given
        byte[] field = field();

        // When
        Preparation preparation = prepare(Kind.FIELD, OptionalDouble.of(PIXEL_SIZE), field);

        // Then
        Preparation.Prepared prepared = assertInstanceOf(Preparation.Prepared.class, preparation);
        assertEquals(2, prepared.cells().size());
        PreparedCell atRim = prepared.cells().get(0);
        PreparedCell whole = prepared.cells().get(1);
        assertEquals(Gate.TOUCHES_BORDER, atRim.gate());
        assertNull(whole.gate());
        assertNear(new CellBox(340, 240, 120, 120), whole.box(), 12);
        assertEquals(Math.PI * 36, whole.areaMicrometres2(), 20);
        assertNotNull(prepared.displayJpeg());
        assertEquals(1, prepared.displayScale());
        assertTrue(whole.cropJpeg().length > 500);
    }

    @Test
    void aFieldWithoutPixelSizeIsMeasuredByItsRedCells() {
        // When
        Preparation preparation = prepare(Kind.FIELD, OptionalDouble.empty(), field());

        // Then
        PixelSize pixelSize = assertInstanceOf(Preparation.Prepared.class, preparation)
                .quality()
                .pixelSize();
        assertEquals(PixelSize.Origin.ESTIMATED, pixelSize.origin());
        assertEquals(PIXEL_SIZE, pixelSize.micrometres(), 0.02);
    }

    @Test
    void aFieldWithoutPixelSizeAndRedCellsIsRefused() {
        // Given
        byte[] blank;
        try (PointerScope _ = new PointerScope()) {
            blank = Pixels.jpeg(new Mat(480, 640, opencv_core.CV_8UC3, Scalar.all(220)));
        }

        // When
        Preparation preparation = prepare(Kind.FIELD, OptionalDouble.empty(), blank);

        // Then
        assertRefused(RejectionReason.PIXEL_SIZE_UNKNOWN, preparation);
    }

    @Test
    void aCellThatIsNotCutOutIsFoundInItsSurroundings() {
        // When
        Preparation preparation = prepare(Kind.CELL, OptionalDouble.of(PIXEL_SIZE), field());

        // Then
        Preparation.Prepared prepared = assertInstanceOf(Preparation.Prepared.class, preparation);
        assertEquals(1, prepared.cells().size());
        assertNear(new CellBox(340, 240, 120, 120), prepared.cells().getFirst().box(), 12);
        assertNull(prepared.displayJpeg());
    }

    @Test
    void allNativeMemoryIsGivenBack() {
        // Given
        byte[] field = field();
        prepare(Kind.FIELD, OptionalDouble.of(PIXEL_SIZE), field);
        long before = Pointer.totalBytes();

        // When
        for (int k = 0; k < 5; k++) {
            prepare(Kind.FIELD, OptionalDouble.of(PIXEL_SIZE), field);
            prepare(Kind.CELL, OptionalDouble.empty(), Fixtures.golden("small-450.png"));
        }

        // Then
        assertEquals(before, Pointer.totalBytes());
    }

    private static Preparation prepare(Kind kind, OptionalDouble pixelSize, byte[] file) {
        return preparer.prepare(TestDelivery.of(0, kind, pixelSize, file).image());
    }

    private static void assertRefused(RejectionReason reason, Preparation preparation) {
        assertEquals(
                reason, assertInstanceOf(Preparation.Refused.class, preparation).reason());
    }

    private static void assertNear(CellBox expected, CellBox actual, int px) {
        assertEquals(expected.xPx(), actual.xPx(), px);
        assertEquals(expected.yPx(), actual.yPx(), px);
        assertEquals(expected.widthPx(), actual.widthPx(), px);
        assertEquals(expected.heightPx(), actual.heightPx(), px);
    }

    /** A white cell of 12 µm near the middle, one at the rim, and red cells of 7.4 µm, at 0.1 µm per px. */
    private static byte[] field() {
        try (PointerScope _ = new PointerScope()) {
            Mat bgr = new Mat(600, 800, opencv_core.CV_8UC3, new Scalar(225, 230, 232, 0));
            for (int row = 0; row < 5; row++) {
                for (int column = 0; column < 7; column++) {
                    int x = 70 + 110 * column;
                    int y = 70 + 112 * row;
                    if (Math.hypot(x - 400, y - 300) > 115) {
                        circle(bgr, x, y, 37, new Scalar(160, 150, 205, 0));
                    }
                }
            }
            circle(bgr, 400, 300, 60, new Scalar(205, 150, 175, 0));
            circle(bgr, 400, 300, 50, new Scalar(140, 50, 95, 0));
            circle(bgr, 640, 6, 50, new Scalar(140, 50, 95, 0));
            BytePointer buffer = new BytePointer();
            opencv_imgcodecs.imencode(".png", bgr, buffer);
            byte[] file = new byte[(int) buffer.limit()];
            buffer.get(file);
            return file;
        }
    }

    private static void circle(Mat bgr, int x, int y, int radius, Scalar colour) {
        opencv_imgproc.ellipse(bgr, new Point(x, y), new Size(radius, radius), 0, 0, 360, colour, -1, 8, 0);
    }
}
