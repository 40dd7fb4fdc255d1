package io.leukostream.ingest.rest;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A form as {@code multipart/form-data} (RFC 7578), parsed in place: a file's bytes are a view of the body, never
 * copied and never on a disk. (The server's own parser writes each file to a temporary one, pixels of patients among
 * them.)
 */
final class MultipartForm {
    private static final byte[] LINE_END = {'\r', '\n'};
    private static final byte[] HEADERS_END = {'\r', '\n', '\r', '\n'};
    private static final int HEADERS_LENGTH = 8192;
    private static final int MOST_PARTS = 64;
    private static final Pattern PARAMETER =
            Pattern.compile(";\\s*([a-zA-Z*]+)\\s*=\\s*(?:\"((?:[^\"\\\\]|\\\\.)*)\"|([^;\\s]*))");

    /**
     * One part.
     *
     * @param isFile whether it states a file name, or a type other than text
     * @param content a view of the body
     */
    record Part(String name, boolean isFile, ByteBuffer content) {
        /** As text; what is not UTF-8 becomes U+FFFD. */
        String text() {
            return StandardCharsets.UTF_8.decode(content.duplicate()).toString();
        }
    }

    private final byte[] body;
    private final Map<String, List<Part>> parts = new HashMap<>();

    private MultipartForm(byte[] body) {
        this.body = body;
    }

    /**
     * Parses a body.
     *
     * @param body must not change any more
     * @param boundary of the header Content-Type
     * @return nothing if the body is no such form, or is cut short
     */
    static Optional<MultipartForm> parse(byte[] body, String boundary) {
        MultipartForm form = new MultipartForm(body);
        return form.read(("--" + boundary).getBytes(StandardCharsets.ISO_8859_1))
                ? Optional.of(form)
                : Optional.empty();
    }

    /** The parts of that name, in their order. */
    List<Part> parts(String name) {
        return parts.getOrDefault(name, List.of());
    }

    /** The values of all parts that are no files. */
    Map<String, List<String>> texts() {
        Map<String, List<String>> texts = new HashMap<>();
        parts.forEach((name, values) -> {
            for (Part part : values) {
                if (!part.isFile()) {
                    texts.computeIfAbsent(name, key -> new ArrayList<>()).add(part.text());
                }
            }
        });
        return texts;
    }

    private boolean read(byte[] delimiter) {
        byte[] lineAndDelimiter = new byte[LINE_END.length + delimiter.length];
        System.arraycopy(LINE_END, 0, lineAndDelimiter, 0, LINE_END.length);
        System.arraycopy(delimiter, 0, lineAndDelimiter, LINE_END.length, delimiter.length);
        int at = startsWith(delimiter, 0) ? delimiter.length : after(lineAndDelimiter, 0);
        for (int count = 0; at >= 0 && count <= MOST_PARTS; count++) {
            if (startsWith(new byte[] {'-', '-'}, at)) {
                return true;
            }
            int lineEnd = indexOf(LINE_END, at, body.length);
            int headersEnd =
                    lineEnd < 0 ? -1 : indexOf(HEADERS_END, lineEnd, Math.min(body.length, lineEnd + HEADERS_LENGTH));
            if (headersEnd < 0) {
                return false;
            }
            int contentAt = headersEnd + HEADERS_END.length;
            // An empty part's content ends where its headers do.
            int end = indexOf(lineAndDelimiter, contentAt - LINE_END.length, body.length);
            if (end < 0) {
                return false;
            }
            int contentEnd = Math.max(end, contentAt);
            String headers = new String(body, lineEnd, headersEnd - lineEnd, StandardCharsets.UTF_8);
            Part part = part(
                    headers,
                    ByteBuffer.wrap(body, contentAt, contentEnd - contentAt).slice());
            if (part == null) {
                return false;
            }
            parts.computeIfAbsent(part.name(), key -> new ArrayList<>()).add(part);
            at = end + lineAndDelimiter.length;
        }
        return false;
    }

    private static @Nullable Part part(String headers, ByteBuffer content) {
        String name = null;
        boolean isFile = false;
        for (String line : headers.split("\r\n", -1)) {
            String lower = line.toLowerCase(Locale.ROOT);
            if (lower.startsWith("content-disposition:")) {
                Matcher parameter = PARAMETER.matcher(line);
                while (parameter.find()) {
                    switch (parameter.group(1).toLowerCase(Locale.ROOT)) {
                        case "name" -> name = parameter.group(2) == null ? parameter.group(3) : parameter.group(2);
                        case "filename", "filename*" -> isFile = true;
                        default -> {
                            // Other parameters say nothing that is needed here.
                        }
                    }
                }
            } else if (lower.startsWith("content-type:")) {
                isFile |= !lower.substring("content-type:".length()).strip().startsWith("text/");
            }
        }
        return name == null ? null : new Part(name, isFile, content);
    }

    private int after(byte[] pattern, int from) {
        int at = indexOf(pattern, from, body.length);
        return at < 0 ? -1 : at + pattern.length;
    }

    private boolean startsWith(byte[] pattern, int at) {
        if (at + pattern.length > body.length) {
            return false;
        }
        for (int k = 0; k < pattern.length; k++) {
            if (body[at + k] != pattern[k]) {
                return false;
            }
        }
        return true;
    }

    /** Horspool's search: a long boundary lets it look at few of a file's bytes. */
    private int indexOf(byte[] pattern, int from, int to) {
        int last = pattern.length - 1;
        int[] skips = new int[256];
        Arrays.fill(skips, pattern.length);
        for (int k = 0; k < last; k++) {
            skips[Byte.toUnsignedInt(pattern[k])] = last - k;
        }
        int at = from;
        while (at + last < to) {
            if (startsWith(pattern, at)) {
                return at;
            }
            at += skips[Byte.toUnsignedInt(body[at + last])];
        }
        return -1;
    }
}
