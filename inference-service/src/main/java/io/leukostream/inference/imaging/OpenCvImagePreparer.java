package io.leukostream.inference.imaging;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.bytedeco.opencv.global.opencv_core.CV_8UC1;
import static org.bytedeco.opencv.global.opencv_core.countNonZero;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_COLOR;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_IGNORE_ORIENTATION;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_UNCHANGED;
import static org.bytedeco.opencv.global.opencv_imgcodecs.imdecode;
import static org.bytedeco.opencv.global.opencv_imgproc.COLOR_BGR2RGB;
import static org.bytedeco.opencv.global.opencv_imgproc.cvtColor;

import io.leukostream.inference.domain.CellBox;
import io.leukostream.inference.domain.CropRule;
import io.leukostream.inference.domain.Gate;
import io.leukostream.inference.domain.ImagePreparer;
import io.leukostream.inference.domain.ImageQuality;
import io.leukostream.inference.domain.Kind;
import io.leukostream.inference.domain.PixelSize;
import io.leukostream.inference.domain.Preparation;
import io.leukostream.inference.domain.Preparation.Prepared;
import io.leukostream.inference.domain.Preparation.Refused;
import io.leukostream.inference.domain.PreparedCell;
import io.leukostream.inference.domain.ReceivedImage;
import io.leukostream.inference.domain.RejectionReason;
import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Rect;
import org.jspecify.annotations.Nullable;

/**
 * Prepares images with OpenCV. Holds nothing between images; each call releases all native memory that it took. The
 * steps for a single cell are those of the bundle's training, to the pixel. Safe for several threads, of which those with
 * large images wait for one another, so that all together need no more memory than one image may.
 */
public final class OpenCvImagePreparer implements ImagePreparer {
    private static final int LARGEST_EVIDENCE_SIDE_PX = 192;
    private static final int DISPLAY_SIDE_PX = 1600;
    /** How wide an image of a single cell with its surroundings is, where nothing tells: 22 to 26 µm in the sets known. */
    private static final double CELL_IMAGE_MICROMETRES = 24;

    private static final double NARROWEST_CELL_IMAGE_MICROMETRES = 15;
    private static final double WIDEST_CELL_IMAGE_MICROMETRES = 45;
    /** The nucleus of a whole cell in focus has a steeper rim, in shares of its own density per µm. */
    private static final double SMUDGE_RIM_SHARPNESS = 0.25;

    /** No picture of one cell is larger than 4096 × 4096. */
    private static final long MOST_PIXELS_OF_CELL = 1L << 24;
    /** In which cells are looked for, in all images at once: a field of 0.63 × 0.63 mm. */
    private static final int MOST_WORKING_PIXELS = 10_000_000;

    private static final int MOST_CELLS = 2_000;
    /** A level of 0..255. */
    private static final int BRIGHTEST_BLACK = 4;

    private static final String OUT_OF_MEMORY = "(-4:Insufficient memory)";

    private final int inputSidePx;
    private final CropRule crop;
    private final long maxPixels;
    private final Semaphore workingPixels = new Semaphore(MOST_WORKING_PIXELS, true);

    /**
     * @param inputSidePx side of the network's input
     * @param maxPixels the most pixels that an image may claim
     */
    public OpenCvImagePreparer(int inputSidePx, CropRule crop, long maxPixels) {
        this.inputSidePx = inputSidePx;
        this.crop = crop;
        this.maxPixels = maxPixels;
    }

    @Override
    public Preparation prepare(ReceivedImage image) {
        return switch (ImageHeader.read(image.file())) {
            case ImageHeader.Unsupported _ ->
                new Refused(
                        RejectionReason.UNSUPPORTED_MEDIA_TYPE,
                        "By its first bytes the file is no BMP, PNG, JPEG, TIFF or WebP.");
            case ImageHeader.CutShort _ ->
                new Refused(RejectionReason.IMAGE_TRUNCATED, "The file ends within its header.");
            case ImageHeader.Malformed(String why) ->
                new Refused(RejectionReason.IMAGE_UNREADABLE, "The file's header makes no sense: " + why + ".");
            case ImageHeader.Sized header
            when header.pixels() > maxPixels ->
                new Refused(
                        RejectionReason.PIXEL_BUDGET_EXCEEDED,
                        "The header claims %d × %d px; %d px are allowed."
                                .formatted(header.widthPx(), header.heightPx(), maxPixels));
            case ImageHeader.Sized header
            when image.head().kind() == Kind.CELL && header.pixels() > MOST_PIXELS_OF_CELL ->
                new Refused(
                        RejectionReason.PIXEL_BUDGET_EXCEEDED,
                        "The header claims %d × %d px; %d px are allowed for a single cell."
                                .formatted(header.widthPx(), header.heightPx(), MOST_PIXELS_OF_CELL));
            case ImageHeader.Sized header
            when !header.complete() ->
                new Refused(RejectionReason.IMAGE_TRUNCATED, "The file ends before its image does.");
            case ImageHeader.Sized header -> inNativeMemory(() -> decodeAndPrepare(image, header));
        };
    }

    private Preparation decodeAndPrepare(ReceivedImage image, ImageHeader.Sized header) {
        Optional<Refused> flaw = PixelData.flaw(image.file());
        if (flaw.isPresent()) {
            return flaw.get();
        }
        try (PointerScope _ = new PointerScope()) {
            if (Transparency.isPossible(image.file())) {
                Mat stored = decode(image.file(), IMREAD_UNCHANGED);
                if (stored == null || stored.empty()) {
                    return new Refused(RejectionReason.IMAGE_UNREADABLE, "The decoder could not read the file.");
                }
                if (!Transparency.isOpaque(stored)) {
                    return new Refused(
                            RejectionReason.PIXEL_FORMAT_UNSUPPORTED, "Some pixels are transparent, or may be.");
                }
            }
            Mat bgr = decode(image.file(), IMREAD_COLOR | IMREAD_IGNORE_ORIENTATION);
            if (bgr == null || bgr.empty()) {
                return new Refused(RejectionReason.IMAGE_UNREADABLE, "The decoder could not read the file.");
            }
            if (bgr.cols() != header.widthPx() || bgr.rows() != header.heightPx()) {
                return new Refused(
                        RejectionReason.IMAGE_UNREADABLE,
                        "The header claims %d × %d px, the decoder found %d × %d."
                                .formatted(header.widthPx(), header.heightPx(), bgr.cols(), bgr.rows()));
            }
            if (isBlack(bgr)) {
                return new Refused(RejectionReason.IMAGE_BLACK, "Every pixel is black.");
            }
            OptionalDouble stated = image.head().statedPixelSizeMicrometres();
            return image.head().kind() == Kind.CELL ? prepareCell(bgr, stated) : prepareField(bgr, stated);
        }
    }

    /** Whether nothing is brighter than the noise of a covered sensor. */
    private static boolean isBlack(Mat bgr) {
        return countNonZero(Pixels.within(bgr, 0, BRIGHTEST_BLACK)) == bgr.rows() * bgr.cols();
    }

    /** The pixels, read as {@code imdecode} is told; null where the decoder refuses the file. */
    static @Nullable Mat decode(ByteBuffer file, int how) {
        ByteBuffer bytes = file.get(file.position()) == 'R' ? WebpPixelData.upToThePicture(file) : file.duplicate();
        BytePointer encoded = new BytePointer(bytes.remaining());
        encoded.asBuffer().put(bytes);
        try {
            return inNativeMemory(() -> {
                Mat decoded = imdecode(new Mat(1, (int) encoded.limit(), CV_8UC1, encoded), how);
                if (file.get(file.position()) == 'B'
                        && BmpPixelData.isRedFirst(file.slice().order(LITTLE_ENDIAN))) {
                    cvtColor(decoded, decoded, COLOR_BGR2RGB);
                }
                return decoded;
            });
        } catch (RuntimeException e) {
            return null;
        }
    }

    /**
     * Does a step of OpenCV's.
     *
     * @throws OutOfMemoryError if no native memory is left. As of the heap: the process ends, and the images that it worked on
     *     are tried alone. Tried again here, one image that no memory suffices for would stand at the head of its lane for
     *     ever; rejected, an image would be blamed for its neighbours
     */
    static <T extends @Nullable Object> T inNativeMemory(Supplier<T> step) {
        try {
            return step.get();
        } catch (RuntimeException e) {
            if (String.valueOf(e.getMessage()).contains(OUT_OF_MEMORY)) {
                OutOfMemoryError end = new OutOfMemoryError("no native memory is left to prepare an image");
                end.initCause(e);
                throw end;
            }
            throw e;
        }
    }

    private Preparation prepareCell(Mat bgr, OptionalDouble stated) {
        CutOutCell cutOut = new CutOutCell(bgr);
        if (cutOut.isOnBlack()) {
            PixelSize pixelSize = stated.isPresent() ? stated(stated.getAsDouble()) : nominal();
            Optional<Region> found = cutOut.largestComponent();
            ImageQuality quality =
                    found.isPresent() ? Quality.ofCell(bgr, pixelSize, found.get()) : Quality.ofImage(bgr, pixelSize);
            // The scanner decided where to cut, so a cell that reaches the edge is as whole as the scanner meant it to
            // be.
            return new Prepared(
                    quality,
                    found.map(cell -> List.of(prepare(bgr, cell, pixelSize, null)))
                            .orElse(List.of()),
                    null,
                    1);
        }
        PixelSize pixelSize = stated.isPresent() ? stated(stated.getAsDouble()) : pixelSizeOfCell(bgr);
        // The finder needs a scale of the right order even where none is known that an area could rest on.
        double finderMicrometres = pixelSize.origin() == PixelSize.Origin.NOMINAL
                ? CELL_IMAGE_MICROMETRES / Math.max(bgr.cols(), bgr.rows())
                : pixelSize.micrometres();
        Optional<Refused> tooLarge = tooLarge(bgr, finderMicrometres);
        if (tooLarge.isPresent()) {
            return tooLarge.get();
        }
        WhiteCellFinder.Found found = whiteCells(bgr, finderMicrometres);
        if (found.isCrowded()) {
            return crowded();
        }
        List<PreparedCell> cells = found.cells().stream()
                .min(Comparator.comparingDouble(
                        cell -> distanceToCentrePx(cell.cell().box(), bgr)))
                .map(cell -> List.of(prepare(bgr, cell.cell(), pixelSize, gate(cell))))
                .orElse(List.of());
        return new Prepared(Quality.ofImage(bgr, pixelSize), cells, null, 1);
    }

    private static PixelSize stated(double micrometres) {
        return new PixelSize(micrometres, PixelSize.Origin.STATED);
    }

    private PixelSize nominal() {
        return new PixelSize(crop.nominalPixelSizeMicrometres(), PixelSize.Origin.NOMINAL);
    }

    /** From the red cells around it where the image would then be as wide as one of a single cell; else the nominal one. */
    private PixelSize pixelSizeOfCell(Mat bgr) {
        double sidePx = Math.max(bgr.cols(), bgr.rows());
        OptionalDouble estimated = RedCellScale.estimateMicrometresPerPx(bgr, true);
        return estimated.isPresent()
                        && estimated.getAsDouble() * sidePx >= NARROWEST_CELL_IMAGE_MICROMETRES
                        && estimated.getAsDouble() * sidePx <= WIDEST_CELL_IMAGE_MICROMETRES
                ? new PixelSize(estimated.getAsDouble(), PixelSize.Origin.ESTIMATED)
                : nominal();
    }

    private static double distanceToCentrePx(CellBox box, Mat bgr) {
        return Math.hypot(
                box.xPx() + box.widthPx() / 2.0 - bgr.cols() / 2.0,
                box.yPx() + box.heightPx() / 2.0 - bgr.rows() / 2.0);
    }

    private Preparation prepareField(Mat bgr, OptionalDouble stated) {
        OptionalDouble known = stated.isPresent() ? stated : RedCellScale.estimateMicrometresPerPx(bgr, false);
        if (known.isEmpty()) {
            return new Refused(
                    RejectionReason.PIXEL_SIZE_UNKNOWN,
                    "The scanner stated no pixel size, and the field shows too few separate red cells to estimate it.");
        }
        PixelSize pixelSize = new PixelSize(
                known.getAsDouble(), stated.isPresent() ? PixelSize.Origin.STATED : PixelSize.Origin.ESTIMATED);
        Optional<Refused> tooLarge = tooLarge(bgr, pixelSize.micrometres());
        if (tooLarge.isPresent()) {
            return tooLarge.get();
        }
        WhiteCellFinder.Found found = whiteCells(bgr, pixelSize.micrometres());
        if (found.isCrowded() || found.cells().size() > MOST_CELLS) {
            return crowded();
        }
        List<PreparedCell> cells = found.cells().stream()
                .map(cell -> prepare(
                        bgr,
                        cell.cell(),
                        pixelSize,
                        cell.cell().box().touchesEdgeOf(bgr.cols(), bgr.rows()) ? Gate.TOUCHES_BORDER : gate(cell)))
                .toList();
        double scale = Math.min(1, (double) DISPLAY_SIDE_PX / Math.max(bgr.cols(), bgr.rows()));
        Mat display = Pixels.resized(bgr, Math.max(1, (int) Math.round(bgr.cols() * scale)), Math.max(1, (int)
                Math.round(bgr.rows() * scale)));
        return new Prepared(Quality.ofImage(bgr, pixelSize), cells, Pixels.jpeg(display), scale);
    }

    private static Optional<Refused> tooLarge(Mat bgr, double micrometres) {
        long pixels = WhiteCellFinder.workingPixels(bgr.cols(), bgr.rows(), micrometres);
        return pixels <= MOST_WORKING_PIXELS
                ? Optional.empty()
                : Optional.of(new Refused(
                        RejectionReason.PIXEL_BUDGET_EXCEEDED,
                        "At the scale at which cells are looked for the image has %d px; %d px are allowed."
                                .formatted(pixels, MOST_WORKING_PIXELS)));
    }

    private static Refused crowded() {
        return new Refused(
                RejectionReason.EVIDENCE_TOO_LARGE,
                "The image shows more than the %d cells that are allowed.".formatted(MOST_CELLS));
    }

    private WhiteCellFinder.Found whiteCells(Mat bgr, double micrometres) {
        int pixels = (int) WhiteCellFinder.workingPixels(bgr.cols(), bgr.rows(), micrometres);
        workingPixels.acquireUninterruptibly(pixels);
        try {
            return new WhiteCellFinder(bgr, micrometres).find();
        } finally {
            workingPixels.release(pixels);
        }
    }

    private PreparedCell prepare(Mat bgr, Region cell, PixelSize pixelSize, @Nullable Gate gate) {
        try (PointerScope _ = new PointerScope()) {
            CellCrop square = new CellCrop(bgr, cell, crop.sidePx(pixelSize));
            Mat shown = square.withSurroundings();
            // Averaging whole pixels is ten times as fast as averaging parts of them.
            int shrinkage = (shown.cols() + LARGEST_EVIDENCE_SIDE_PX - 1) / LARGEST_EVIDENCE_SIDE_PX;
            int shownSidePx = Math.max(1, shown.cols() / shrinkage);
            return new PreparedCell(
                    cell.box(),
                    micrometres2(cell, pixelSize),
                    gate,
                    Pixels.rgbPlanes(Pixels.resized(square.alone(), inputSidePx, inputSidePx)),
                    Pixels.jpeg(Pixels.resized(
                            new Mat(shown, new Rect(0, 0, shownSidePx * shrinkage, shownSidePx * shrinkage)),
                            shownSidePx,
                            shownSidePx)));
        }
    }

    private static @Nullable Gate gate(WhiteCell cell) {
        return cell.rimSharpness() < SMUDGE_RIM_SHARPNESS ? Gate.SMUDGE : null;
    }

    private static double micrometres2(Region cell, PixelSize pixelSize) {
        return cell.areaPx() * pixelSize.micrometres() * pixelSize.micrometres();
    }
}
