package io.leukostream.ingest.sanitising;

import io.leukostream.fuzzing.Finding;
import io.leukostream.fuzzing.OtherReader;
import io.leukostream.ingest.domain.ImageHeader;
import io.leukostream.ingest.domain.ImageInspector;
import io.leukostream.ingest.domain.Inspection;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * Files at the doors: each is refused with a code, or taken; what is published of one that was taken is a sound file of the
 * same size, has nothing more to remove, and shows the same pixels to another reader.
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
        Optional<OtherReader.Picture> before = OtherReader.read(file);
        if (before.isPresent()) {
            Finding.unless(before.equals(OtherReader.read(clean)), "what is published shows other pixels");
        }
    }
}
