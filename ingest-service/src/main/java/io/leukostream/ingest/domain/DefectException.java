package io.leukostream.ingest.domain;

/** An image file cannot be used as it is; caught where the walk through the file began, and answered as a problem. */
public final class DefectException extends Exception {
    private static final long serialVersionUID = 1L;

    private final ProblemCode code;
    private final String detail;

    private DefectException(ProblemCode code, String detail) {
        super(detail);
        this.code = code;
        this.detail = detail;
    }

    /** The file ends too early. */
    public static DefectException truncated(String detail) {
        return new DefectException(ProblemCode.IMAGE_TRUNCATED, detail);
    }

    /** The file's structure is damaged or of an unsupported variant. */
    public static DefectException unreadable(String detail) {
        return new DefectException(ProblemCode.IMAGE_UNREADABLE, detail);
    }

    /** The pixels are of a bit depth or a channel order that is not read. */
    public static DefectException pixelFormat(String detail) {
        return new DefectException(ProblemCode.PIXEL_FORMAT_UNSUPPORTED, detail);
    }

    /** Which of several pictures is meant is not certain. */
    public static DefectException ambiguous(String detail) {
        return new DefectException(ProblemCode.PICTURE_AMBIGUOUS, detail);
    }

    /** The file's metadata cannot be taken out without a risk to its pixels. */
    public static DefectException metadataNotRemovable(String detail) {
        return new DefectException(ProblemCode.METADATA_NOT_REMOVABLE, detail);
    }

    /** What the sender is told. */
    public ProblemCode code() {
        return code;
    }

    @Override
    public String getMessage() {
        return detail;
    }
}
