package io.leukostream.inference;

import io.leukostream.inference.domain.CellBox;
import io.leukostream.inference.domain.CropRule;
import io.leukostream.inference.domain.Kind;
import io.leukostream.inference.domain.Preparation;
import io.leukostream.inference.domain.PreparedCell;
import io.leukostream.inference.imaging.OpenCvImagePreparer;
import java.io.BufferedOutputStream;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * Writes the crops that the network would see, so that it is trained on exactly what inference cuts.
 *
 * <p>Run with the {@code CLASSPATH} of {@link BareLoopBenchmark}: {@code java io.leukostream.inference.CropExport <crop's side
 * in µm> <nominal pixel size in µm> <side in px> <list> <output folder>}. Each line of the list is {@code path,pixel size in µm,kind}: the pixel size
 * empty where the scanner would state none, the kind {@code CELL} or {@code FIELD}; empty lines and those that begin with
 * {@code #} are skipped.
 *
 * <p>{@code crops.raw} holds one crop per row of {@code crops.csv}, in its order and without a header: uint8 [3,side,side],
 * all of red, then green, then blue. An image gives one row per cell that was found, whatever its gate; one without any
 * gives a row with {@code found} 0 and a black crop.
 */
public final class CropExport {
    private static final String HEADER =
            "file,kind,found,x,y,width,height,areaMicrometres2,gate,pixelSizeMicrometres,pixelSizeOrigin,refused";

    private final OpenCvImagePreparer preparer;
    private final OutputStream crops;
    private final BufferedWriter table;
    private final byte[] noCell;

    private CropExport(OpenCvImagePreparer preparer, OutputStream crops, BufferedWriter table, int sidePx) {
        this.preparer = preparer;
        this.crops = crops;
        this.table = table;
        this.noCell = new byte[3 * sidePx * sidePx];
    }

    /** Runs it. */
    public static void main(String[] arguments) throws IOException {
        CropRule crop = new CropRule(Double.parseDouble(arguments[0]), Double.parseDouble(arguments[1]));
        int sidePx = Integer.parseInt(arguments[2]);
        List<String> lines = Files.readAllLines(Path.of(arguments[3]));
        Path folder = Files.createDirectories(Path.of(arguments[4]));
        OpenCvImagePreparer preparer = Fixtures.preparer(sidePx, crop);
        int images = 0;
        try (OutputStream crops =
                        new BufferedOutputStream(Files.newOutputStream(folder.resolve("crops.raw")), 1 << 20);
                BufferedWriter table = Files.newBufferedWriter(folder.resolve("crops.csv"))) {
            table.write(HEADER + "\n");
            CropExport export = new CropExport(preparer, crops, table, sidePx);
            for (String line : lines) {
                if (!line.isBlank() && !line.startsWith("#")) {
                    export.write(line);
                    images++;
                }
            }
        }
        System.out.printf("%d images, side %d px: %s%n", images, sidePx, folder);
    }

    private void write(String line) throws IOException {
        String[] fields = line.split(",", -1);
        if (fields.length != 3) {
            throw new IllegalArgumentException("not path,pixel size,kind: " + line);
        }
        Path file = Path.of(fields[0]);
        OptionalDouble stated =
                fields[1].isBlank() ? OptionalDouble.empty() : OptionalDouble.of(Double.parseDouble(fields[1]));
        Kind kind = Kind.valueOf(fields[2].strip());
        switch (preparer.prepare(
                TestDelivery.of(0, kind, stated, Files.readAllBytes(file)).image())) {
            case Preparation.Refused refused -> {
                row("%s,%s,0,,,,,,,,,%s".formatted(file, kind, refused.reason()), noCell);
            }
            case Preparation.Prepared prepared -> {
                String scale = String.format(
                        Locale.ROOT,
                        "%.5f,%s,",
                        prepared.quality().pixelSize().micrometres(),
                        prepared.quality().pixelSize().origin());
                for (PreparedCell cell : prepared.cells()) {
                    CellBox box = cell.box();
                    row(
                            String.format(
                                    Locale.ROOT,
                                    "%s,%s,1,%d,%d,%d,%d,%.3f,%s,%s",
                                    file,
                                    kind,
                                    box.xPx(),
                                    box.yPx(),
                                    box.widthPx(),
                                    box.heightPx(),
                                    cell.areaMicrometres2(),
                                    name(cell.gate()),
                                    scale),
                            cell.rgbPlanes());
                }
                if (prepared.cells().isEmpty()) {
                    row("%s,%s,0,,,,,,,%s".formatted(file, kind, scale), noCell);
                }
            }
        }
    }

    private void row(String row, byte[] crop) throws IOException {
        table.write(row + "\n");
        crops.write(crop);
    }

    private static String name(@Nullable Enum<?> value) {
        return value == null ? "" : value.name();
    }
}
