package io.leukostream.ingest.sanitising;

import io.leukostream.ingest.domain.DefectException;
import io.leukostream.ingest.domain.FileBytes;
import io.leukostream.ingest.domain.MediaType;
import io.leukostream.ingest.domain.Problem;
import java.nio.ByteBuffer;

/**
 * Removes embedded metadata from image files. What it costs is bounded by the file's length; a file that is rewritten
 * takes as much memory again. Safe for any number of threads.
 */
public final class Sanitiser {
    /** How one format is rewritten. */
    interface Rewriting {
        /**
         * The file without what decoding does not need.
         *
         * @return the file's own bytes where nothing had to be removed
         * @throws DefectException if it cannot be rewritten safely
         */
        ByteBuffer rewrite(FileBytes file) throws DefectException;
    }

    /**
     * Rewrites a file that passed the inspection.
     *
     * @param mediaType as the inspection found it
     * @param image the file, from position to limit; left as it is
     */
    public Sanitising sanitise(MediaType mediaType, ByteBuffer image) {
        Rewriting rewriting = switch (mediaType) {
            case BMP -> BmpRewriting::rewrite;
            case JPEG -> JpegRewriting::rewrite;
            case PNG -> PngRewriting::rewrite;
            case TIFF -> TiffRewriting::rewrite;
            case WEBP -> WebpRewriting::rewrite;
        };
        try {
            ByteBuffer clean = rewriting.rewrite(new FileBytes(image));
            if (clean.equals(image)) {
                return new Sanitising.Clean(image, false);
            }
            return rewriting.rewrite(new FileBytes(clean)).equals(clean)
                    ? new Sanitising.Clean(clean, true)
                    : refused(DefectException.metadataNotRemovable("The rewritten file would still hold metadata."));
        } catch (DefectException e) {
            return refused(e);
        }
    }

    private static Sanitising refused(DefectException defect) {
        return new Sanitising.Refused(new Problem(defect.code(), defect.getMessage()));
    }
}
