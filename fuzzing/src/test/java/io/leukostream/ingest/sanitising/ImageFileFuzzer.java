package io.leukostream.ingest.sanitising;

import io.leukostream.fuzzing.Finding;
import io.leukostream.fuzzing.OtherReader;
import io.leukostream.fuzzing.Prepared;
import io.leukostream.ingest.domain.ImageHeader;
import io.leukostream.ingest.domain.ImageInspector;
import io.leukostream.ingest.domain.Inspection;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Files at the doors: each is refused with a code, or taken; what is published of one that was taken is a sound file of the
 * same size, has nothing more to remove, and is to inference what the file itself would have been, the same cells to the
 * pixel.
 */
public final class ImageFileFuzzer {
    private static final ImageInspector INSPECTOR = new ImageInspector(1 << 20);
    private static final Sanitiser SANITISER = new Sanitiser();

    private ImageFileFuzzer() {}

    /** Jazzer calls it. */
    public static void fuzzerTestOneInput(byte[] file) {
        byte[] sent = file.clone();
        if (!(INSPECTOR.inspect(ByteBuffer.wrap(file)) instanceof Inspection.Sound(ImageHeader header))) {
            return;
        }
        if (!(SANITISER.sanitise(header.mediaType(), ByteBuffer.wrap(file))
                instanceof Sanitising.Clean(ByteBuffer published, boolean rewritten))) {
            return;
        }
        Finding.unless(Arrays.equals(sent, file), "the bytes that were sent are changed");
        byte[] clean = new byte[published.remaining()];
        published.duplicate().get(clean);
        Finding.unless(rewritten != Arrays.equals(clean, file), "rewritten says " + rewritten);
        if (!rewritten) {
            return;
        }
        Finding.unless(
                INSPECTOR.inspect(ByteBuffer.wrap(clean)).equals(new Inspection.Sound(header)),
                "what is published is no sound file of the same size");
        Finding.unless(
                SANITISER.sanitise(header.mediaType(), ByteBuffer.wrap(clean))
                                instanceof Sanitising.Clean(ByteBuffer _, boolean again)
                        && !again,
                "what is published holds something to remove");
        if (Prepared.isTaken(file)) {
            Finding.unless(
                    Prepared.isTaken(clean) && Prepared.cells(file).equals(Prepared.cells(clean)),
                    "inference sees something else in what is published");
        } else if (Prepared.isTaken(clean)) {
            // What was wrong with the file went with its metadata.
            Finding.unless(
                    OtherReader.read(file).equals(OtherReader.read(clean)),
                    "what inference would refuse is published with other pixels");
        }
    }
}
