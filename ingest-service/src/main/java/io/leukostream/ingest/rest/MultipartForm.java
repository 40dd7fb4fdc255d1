package io.leukostream.ingest.rest;

import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
    /** Of RFC 7578, 4.6. */
    private static final String CHARSET_FIELD = "_charset_";

    /** A header goes on in a line that begins with a blank (RFC 5322, 2.2.3): made for mail, libraries write them so. */
    private static final Pattern FOLD = Pattern.compile("\r\n[ \t]+");

    private static final Pattern HEADER = Pattern.compile("([^\\s:]+):[^\r\n]*");

    /**
     * One part.
     *
     * @param isFile whether it states a file name, or a type other than text
     * @param charset that it states; null where it states none
     * @param content a view of the body, or what its transfer encoding stands for
     */
    record Part(String name, boolean isFile, @Nullable Charset charset, ByteBuffer content) {
        /** As text; what the charset cannot have written becomes U+FFFD, which no field may hold. */
        String text(Charset otherwise) {
            return (charset == null ? otherwise : charset)
                    .decode(content.duplicate())
                    .toString();
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
        return form.read(("--" + boundary).getBytes(StandardCharsets.ISO_8859_1)) && form.isCharsetKnown()
                ? Optional.of(form)
                : Optional.empty();
    }

    /** The parts of that name, in their order. */
    List<Part> parts(String name) {
        return parts.getOrDefault(name, List.of());
    }

    /** The values of all parts that are no files, in the charset that each states, or the form, or UTF-8. */
    Map<String, List<String>> texts() {
        Map<String, List<String>> texts = new HashMap<>();
        Charset stated = statedCharset().orElse(StandardCharsets.UTF_8);
        parts.forEach((name, values) -> {
            for (Part part : values) {
                if (!part.isFile()) {
                    texts.computeIfAbsent(name, key -> new ArrayList<>()).add(part.text(stated));
                }
            }
        });
        return texts;
    }

    /** That of the form; nothing where it states none, or one that is not known. */
    private Optional<Charset> statedCharset() {
        return parts(CHARSET_FIELD).stream()
                .findFirst()
                .flatMap(part -> charset(part.text(StandardCharsets.US_ASCII).strip()));
    }

    /** A form that states several, or one that nobody knows, might be another patient's when it is read as UTF-8. */
    private boolean isCharsetKnown() {
        int stated = parts(CHARSET_FIELD).size();
        return stated == 0 || (stated == 1 && statedCharset().isPresent());
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

    /** Null where the part has no name, or says of itself what is not understood: it might be another patient's name. */
    private static @Nullable Part part(String headers, ByteBuffer content) {
        String name = null;
        boolean isFile = false;
        Charset charset = null;
        ByteBuffer decoded = content;
        Set<String> seen = new HashSet<>();
        for (String line : FOLD.matcher(headers).replaceAll(" ").split("\r\n", -1)) {
            if (line.isEmpty()) {
                continue;
            }
            String lower = line.toLowerCase(Locale.ROOT);
            Matcher header = HEADER.matcher(lower);
            if (!header.matches() || !seen.add(header.group(1))) {
                return null;
            }
            if (lower.startsWith("content-disposition:")) {
                Map<String, String> stated = parameters(line);
                if (stated == null) {
                    return null;
                }
                name = stated.get("name");
                isFile |= stated.containsKey("filename") || stated.containsKey("filename*");
            } else if (lower.startsWith("content-type:")) {
                isFile |= !lower.substring("content-type:".length()).strip().startsWith("text/");
                Map<String, String> stated = parameters(line);
                if (stated == null) {
                    return null;
                }
                String named = stated.get("charset");
                charset = named == null ? null : charset(named).orElse(null);
                if (named != null && charset == null) {
                    return null;
                }
            } else if (lower.startsWith("content-transfer-encoding:")) {
                Optional<ByteBuffer> plain = TransferEncoding.decoded(
                        lower.substring("content-transfer-encoding:".length()).strip(), content);
                if (plain.isEmpty()) {
                    return null;
                }
                decoded = plain.get();
            }
        }
        return name == null ? null : new Part(name, isFile, charset, decoded);
    }

    /**
     * The parameters of a header (RFC 2045, 5.1) by their names in lower case, quoted ones as they stand between the quotes.
     * Not by a regular expression: Java's goes one call deeper with each character of a quoted text.
     *
     * @return null where one is there twice, or its quotes stay open
     */
    private static @Nullable Map<String, String> parameters(String header) {
        Map<String, String> parameters = new HashMap<>();
        int at = header.indexOf(';');
        while (at >= 0) {
            int next = header.indexOf(';', at + 1);
            int equals = header.indexOf('=', at);
            if (equals < 0) {
                break;
            }
            if (next >= 0 && next < equals) {
                at = next;
                continue;
            }
            int from = equals + 1;
            while (from < header.length() && Character.isWhitespace(header.charAt(from))) {
                from++;
            }
            String value;
            if (from < header.length() && header.charAt(from) == '"') {
                int end = from + 1;
                while (end < header.length() && header.charAt(end) != '"') {
                    end += header.charAt(end) == '\\' ? 2 : 1;
                }
                if (end >= header.length()) {
                    return null;
                }
                value = header.substring(from + 1, end);
                next = header.indexOf(';', end);
            } else {
                value = header.substring(from, next < 0 ? header.length() : next)
                        .strip();
            }
            String name = header.substring(at + 1, equals).strip().toLowerCase(Locale.ROOT);
            if (parameters.put(name, value) != null) {
                return null;
            }
            at = next;
        }
        return parameters;
    }

    private static Optional<Charset> charset(String name) {
        try {
            return Optional.of(Charset.forName(name));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
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
