package io.leukostream.ingest.domain;

/** How one image format states its dimensions and its end. */
interface FileFormat {
    MediaType mediaType();

    /** Whether the first bytes are this format's. */
    boolean recognises(FileBytes file);

    /**
     * The dimensions that the header states.
     *
     * @throws DefectException if the file ends before, or states none
     */
    PixelSize size(FileBytes file) throws DefectException;

    /**
     * Checks that what the file's structure announces lies within the file.
     *
     * @throws DefectException if it does not
     */
    void requireWhole(FileBytes file) throws DefectException;
}
