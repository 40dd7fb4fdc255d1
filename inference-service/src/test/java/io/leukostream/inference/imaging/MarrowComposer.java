package io.leukostream.inference.imaging;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC1;
import static org.bytedeco.opencv.global.opencv_core.countNonZero;
import static org.bytedeco.opencv.global.opencv_core.flip;
import static org.bytedeco.opencv.global.opencv_core.hconcat;
import static org.bytedeco.opencv.global.opencv_core.vconcat;
import static org.bytedeco.opencv.global.opencv_imgproc.GaussianBlur;
import static org.bytedeco.opencv.global.opencv_imgproc.boundingRect;

import io.leukostream.inference.domain.CellBox;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Rect;
import org.bytedeco.opencv.opencv_core.Scalar;
import org.bytedeco.opencv.opencv_core.Size;

/**
 * Lays real marrow cells on a real background of red cells, so that a crowded field with known boxes comes out. A cell is
 * carried over as what it absorbs: its levels relative to its own background, times those of the field. Its edge is
 * softened by 1.2 px. About half of the cells are laid against another one.
 *
 * <p>The cells' masks are those that the finder found in their own image, so a border that it finds wrongly there is part
 * of the truth here; what these fields test is crowding and touching.
 */
final class MarrowComposer {
    private static final int TRIES = 60;
    private static final double TOUCHING = 0.5;
    private static final double LARGEST_OVERLAP = 0.03;
    private static final double EDGE_PX = 1.2;
    private static final int MARGIN_PX = 5;
    private static final double STRONGEST_SHADE = 0.25;

    /**
     * A cell to lay.
     *
     * @param bgr uint8 [h,w,3], its surroundings of a few px with it
     * @param mask uint8 [h,w]
     * @param background its image's own, by channel
     */
    record Source(Mat bgr, Mat mask, Scalar background) {}

    /** A field and where its cells lie. */
    record Field(Mat bgr, List<CellBox> cells, int touching) {}

    private MarrowComposer() {}

    /** The cell nearest to the image's middle, where it is whole and of one piece. */
    static List<Source> sources(Mat bgr, WhiteCell cell) {
        CellBox box = cell.cell().box();
        double filled = (double) cell.cell().areaPx() / (box.widthPx() * box.heightPx());
        boolean whole = !box.touchesEdgeOf(bgr.cols(), bgr.rows()) && filled > 0.65;
        if (!whole) {
            return List.of();
        }
        int left = Math.max(0, box.xPx() - MARGIN_PX);
        int top = Math.max(0, box.yPx() - MARGIN_PX);
        int right = Math.min(bgr.cols(), box.xPx() + box.widthPx() + MARGIN_PX);
        int bottom = Math.min(bgr.rows(), box.yPx() + box.heightPx() + MARGIN_PX);
        Rect around = new Rect(left, top, right - left, bottom - top);
        Mat mask = new Mat(around.height(), around.width(), CV_8UC1, Scalar.all(0));
        cell.cell()
                .mask()
                .copyTo(new Mat(mask, new Rect(box.xPx() - left, box.yPx() - top, box.widthPx(), box.heightPx())));
        float[] light = new float[1];
        double[] background = new double[3];
        Illumination illumination = Illumination.of(bgr, true);
        for (int channel = 0; channel < 3; channel++) {
            double[] weights = new double[3];
            weights[channel] = 1;
            illumination.row(0, 1, 1, weights, light);
            background[channel] = Math.pow(10, light[0]);
        }
        return List.of(new Source(
                new Mat(bgr, around).clone(), mask, new Scalar(background[0], background[1], background[2], 0)));
    }

    /** A field of twice the background's sides: the background and its mirror images, and so many cells, if they fit. */
    static Field compose(Mat background, List<Source> sources, int cells, Random random) {
        Mat field = shaded(mirrored(background), random);
        Mat taken = new Mat(field.rows(), field.cols(), CV_8UC1, Scalar.all(0));
        List<CellBox> laid = new ArrayList<>();
        int touching = 0;
        for (int k = 0; k < cells; k++) {
            Source source = turned(sources.get(random.nextInt(sources.size())), random);
            boolean beside = !laid.isEmpty() && random.nextDouble() < TOUCHING;
            for (int attempt = 0; attempt < TRIES; attempt++) {
                Rect inner = boundingRect(source.mask());
                int x;
                int y;
                if (beside) {
                    CellBox other = laid.get(random.nextInt(laid.size()));
                    double angle = 2 * Math.PI * random.nextDouble();
                    double apart =
                            (Math.min(other.widthPx(), other.heightPx()) + Math.min(inner.width(), inner.height()))
                                    / 2.0;
                    x = (int) (other.xPx() + other.widthPx() / 2.0 + apart * Math.cos(angle))
                            - source.mask().cols() / 2;
                    y = (int) (other.yPx() + other.heightPx() / 2.0 + apart * Math.sin(angle))
                            - source.mask().rows() / 2;
                } else {
                    x = random.nextInt(field.cols() - source.mask().cols());
                    y = random.nextInt(field.rows() - source.mask().rows());
                }
                if (x < 0
                        || y < 0
                        || x + source.mask().cols() > field.cols()
                        || y + source.mask().rows() > field.rows()) {
                    continue;
                }
                Rect place = new Rect(x, y, source.mask().cols(), source.mask().rows());
                Mat shared = new Mat();
                new Mat(taken, place).copyTo(shared, source.mask());
                int sharedPx = countNonZero(shared);
                if (sharedPx > (beside ? LARGEST_OVERLAP * countNonZero(source.mask()) : 0)) {
                    continue;
                }
                lay(field, source, place);
                new Mat(taken, place).setTo(Pixels.scalar(255), source.mask());
                laid.add(new CellBox(x + inner.x(), y + inner.y(), inner.width(), inner.height()));
                touching += beside ? 1 : 0;
                break;
            }
        }
        return new Field(field, laid, touching);
    }

    private static void lay(Mat field, Source source, Rect place) {
        Mat soft = new Mat();
        GaussianBlur(source.mask(), soft, new Size(0, 0), EDGE_PX);
        Mat under = new Mat(field, place).clone();
        byte[] share = Pixels.bytes(soft);
        byte[] cell = Pixels.bytes(source.bgr());
        byte[] levels = Pixels.bytes(under);
        float[] light = new float[under.cols()];
        Illumination illumination = Illumination.of(field, false);
        for (int channel = 0; channel < 3; channel++) {
            double[] weights = new double[3];
            weights[channel] = 1;
            float[] row = new float[field.cols()];
            for (int y = 0; y < under.rows(); y++) {
                illumination.row(place.y() + y, field.rows(), field.cols(), weights, row);
                System.arraycopy(row, place.x(), light, 0, light.length);
                for (int x = 0; x < under.cols(); x++) {
                    int at = y * under.cols() + x;
                    double alpha = (share[at] & 0xFF) / 255.0;
                    double carried = (cell[3 * at + channel] & 0xFF)
                            / source.background().get(channel)
                            * Math.pow(10, light[x]);
                    double level = (1 - alpha) * (levels[3 * at + channel] & 0xFF) + alpha * carried;
                    levels[3 * at + channel] = (byte) Math.clamp(Math.round(level), 0, 255);
                }
            }
        }
        under.data().put(levels);
        under.copyTo(new Mat(field, place));
    }

    private static Mat mirrored(Mat background) {
        Mat right = new Mat();
        flip(background, right, 1);
        Mat upper = new Mat();
        hconcat(background, right, upper);
        Mat lower = new Mat();
        flip(upper, lower, 0);
        Mat field = new Mat();
        vconcat(upper, lower, field);
        return field;
    }

    /** Darker towards a side, each channel in its own way. */
    private static Mat shaded(Mat field, Random random) {
        byte[] levels = Pixels.bytes(field);
        double strength = STRONGEST_SHADE * random.nextDouble();
        double angle = 2 * Math.PI * random.nextDouble();
        double[] byChannel = {random.nextDouble(), random.nextDouble(), random.nextDouble()};
        for (int y = 0, at = 0; y < field.rows(); y++) {
            for (int x = 0; x < field.cols(); x++) {
                double along = (Math.cos(angle) * (2.0 * x / field.cols() - 1)
                                + Math.sin(angle) * (2.0 * y / field.rows() - 1)
                                + 1.5)
                        / 3;
                for (int channel = 0; channel < 3; channel++, at++) {
                    double kept = 1 - strength * byChannel[channel] * Math.clamp(along, 0.0, 1.0);
                    levels[at] = (byte) (int) Math.round((levels[at] & 0xFF) * kept);
                }
            }
        }
        Mat shaded = field.clone();
        shaded.data().put(levels);
        return shaded;
    }

    private static Source turned(Source source, Random random) {
        int how = random.nextInt(-1, 3);
        if (how == 2) {
            return source;
        }
        Mat bgr = new Mat();
        Mat mask = new Mat();
        flip(source.bgr(), bgr, how);
        flip(source.mask(), mask, how);
        return new Source(bgr, mask, source.background());
    }
}
