package io.leukostream.ingest.domain;

/** The image formats that are accepted. */
public enum MediaType {
    BMP("image/bmp"),
    PNG("image/png"),
    JPEG("image/jpeg"),
    TIFF("image/tiff"),
    WEBP("image/webp");

    private final String text;

    MediaType(String text) {
        this.text = text;
    }

    /** As IANA registered it. */
    public String text() {
        return text;
    }
}
