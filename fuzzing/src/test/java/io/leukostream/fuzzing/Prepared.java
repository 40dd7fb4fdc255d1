package io.leukostream.fuzzing;

import io.leukostream.inference.domain.CellBox;
import io.leukostream.inference.domain.CropRule;
import io.leukostream.inference.domain.ImageHead;
import io.leukostream.inference.domain.Kind;
import io.leukostream.inference.domain.Preparation;
import io.leukostream.inference.domain.PreparedCell;
import io.leukostream.inference.domain.Priority;
import io.leukostream.inference.domain.ReceivedImage;
import io.leukostream.inference.domain.SpecimenType;
import io.leukostream.inference.imaging.NativeImaging;
import io.leukostream.inference.imaging.OpenCvImagePreparer;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;

/** What inference makes of a file before it asks the network, of small images of single cells. */
public final class Prepared {
    private static final long MOST_PIXELS = 1 << 20;
    private static final int SIDE_PX = 128;
    private static final OpenCvImagePreparer PREPARER;

    static {
        NativeImaging.load(Path.of("target", "native").toAbsolutePath(), MOST_PIXELS);
        PREPARER = new OpenCvImagePreparer(SIDE_PX, new CropRule(24.96, 0.065), MOST_PIXELS);
    }

    private Prepared() {}

    /**
     * What the network would see of a cell.
     *
     * @param pixels hash of its planes
     */
    public record Cell(CellBox box, int pixels) {}

    /** The cells, or none where the file is refused; a reason that is no sentence and a cell of a wrong size are findings. */
    public static List<Cell> cells(byte[] file) {
        List<Cell> cells = new ArrayList<>();
        if (preparation(file) instanceof Preparation.Prepared prepared) {
            for (PreparedCell cell : prepared.cells()) {
                cells.add(new Cell(cell.box(), Arrays.hashCode(cell.rgbPlanes())));
            }
        }
        return cells;
    }

    /** Whether inference takes the file. */
    public static boolean isTaken(byte[] file) {
        return preparation(file) instanceof Preparation.Prepared;
    }

    private static Preparation preparation(byte[] file) {
        Preparation preparation = PREPARER.prepare(new ReceivedImage(head(), ByteBuffer.wrap(file)));
        switch (preparation) {
            case Preparation.Refused(var _, String detail) ->
                Finding.unless(detail.endsWith("."), "the reason is no sentence: " + detail);
            case Preparation.Prepared prepared ->
                Finding.unless(
                        prepared.cells().stream()
                                .allMatch(cell -> cell.rgbPlanes().length == 3 * SIDE_PX * SIDE_PX
                                        && cell.areaMicrometres2() > 0),
                        "no cell of the network's size");
        }
        return preparation;
    }

    private static ImageHead head() {
        return new ImageHead(
                "S-AAAAAAAA.AAAAAAAAAAAAAAAAAAAAAAAAAA",
                "S-AAAAAAAA",
                SpecimenType.BONE_MARROW,
                Kind.CELL,
                1,
                "0".repeat(64),
                OptionalDouble.empty(),
                Priority.ROUTINE,
                null,
                Instant.EPOCH);
    }
}
