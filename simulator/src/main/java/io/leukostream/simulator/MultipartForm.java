package io.leukostream.simulator;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.UUID;

/**
 * A {@code multipart/form-data} body (RFC 7578) of text fields and one file, which is streamed from disk. The part of
 * the file is called {@code image} and carries no file name of the site's: such names often hold a patient's.
 */
final class MultipartForm {
    private final String boundary = "leukostream-" + UUID.randomUUID();
    private final StringBuilder fields = new StringBuilder();

    /**
     * Adds a text field.
     *
     * @param name a token without quotes or line breaks
     * @param value any text, sent as UTF-8
     */
    MultipartForm field(String name, String value) {
        part("form-data; name=\"" + name + "\"", "text/plain; charset=UTF-8");
        fields.append(value).append("\r\n");
        return this;
    }

    /** The header that goes with the body. */
    String contentType() {
        return "multipart/form-data; boundary=" + boundary;
    }

    /** The body with the file as its last part; its length is known. */
    BodyPublisher withImage(Path file) throws IOException {
        part("form-data; name=\"image\"; filename=\"image\"", "application/octet-stream");
        return BodyPublishers.concat(
                BodyPublishers.ofString(fields.toString(), StandardCharsets.UTF_8),
                BodyPublishers.ofFile(file),
                BodyPublishers.ofString("\r\n--" + boundary + "--\r\n", StandardCharsets.US_ASCII));
    }

    private void part(String disposition, String type) {
        fields.append("--").append(boundary).append("\r\n");
        fields.append("Content-Disposition: ").append(disposition).append("\r\n");
        fields.append("Content-Type: ").append(type).append("\r\n\r\n");
    }
}
