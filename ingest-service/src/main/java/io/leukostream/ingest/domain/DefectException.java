package io.leukostream.ingest.domain;

/** An image file is cut short or damaged; caught by {@link ImageInspector}, never seen outside this package. */
final class DefectException extends Exception {
    private static final long serialVersionUID = 1L;

    private final ProblemCode code;
    private final String detail;

    private DefectException(ProblemCode code, String detail) {
        super(detail);
        this.code = code;
        this.detail = detail;
    }

    static DefectException truncated(String detail) {
        return new DefectException(ProblemCode.IMAGE_TRUNCATED, detail);
    }

    static DefectException unreadable(String detail) {
        return new DefectException(ProblemCode.IMAGE_UNREADABLE, detail);
    }

    ProblemCode code() {
        return code;
    }

    @Override
    public String getMessage() {
        return detail;
    }
}
