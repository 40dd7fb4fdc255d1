package io.leukostream.simulator;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Writes a ward as a folder: {@code <patient>/<specimen>/*.png} and {@code truth.json}. */
public final class WardWriter {
    private record Job(Ward.Specimen specimen, Ward.Image image) {}

    private WardWriter() {}

    /**
     * Draws and writes every image, on all processors; the truth last, so that a folder with a truth is complete.
     * The same ward gives the same bytes (with the same build of the JDK, whose zlib packs the PNGs).
     *
     * @param out created where it is missing; files of the same names are replaced
     */
    public static Truth write(Path out, Ward ward) throws IOException {
        List<Job> jobs = ward.specimens().stream()
                .flatMap(specimen -> specimen.images().stream().map(image -> new Job(specimen, image)))
                .toList();
        for (Ward.Specimen specimen : ward.specimens()) {
            Files.createDirectories(out.resolve(specimen.patient()).resolve(specimen.specimen()));
        }
        Truth truth;
        try {
            truth = Truth.of(
                    ward.seed(),
                    jobs.parallelStream().map(job -> write(out, job)).toList());
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        truth.write(out);
        return truth;
    }

    private static ImageTruth write(Path out, Job job) {
        Ward.Specimen specimen = job.specimen;
        SmearPainter.Drawn drawn = SmearPainter.draw(specimen, job.image);
        String file = specimen.patient() + "/" + specimen.specimen() + "/" + job.image.fileName();
        try (OutputStream stream = new BufferedOutputStream(Files.newOutputStream(out.resolve(file)));
                MemoryCacheImageOutputStream png = new MemoryCacheImageOutputStream(stream)) {
            if (!ImageIO.write(drawn.image(), "png", png)) {
                throw new IllegalStateException("this Java has no PNG writer");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new ImageTruth(
                file,
                specimen.patient(),
                specimen.specimen(),
                specimen.specimenType(),
                specimen.kind(),
                drawn.pixelSizeMicrometres(),
                drawn.cells());
    }
}
