package io.leukostream.results.dashboard;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * {@code docs/rejections.md} as the pages show it: the build packs that very document into the service, so that it reads
 * the same offline. Of Markdown it knows what the document uses: two levels of headings, paragraphs, code, bold, italics.
 */
final class RejectionGuide {
    private static final String DOCUMENT = "/rejections.md";
    private static final String ARROW = "→";
    /** The HTTP status that an entry begins with, and when to come again: nothing that an accepted image is told by. */
    private static final Pattern STATUS = Pattern.compile("^\\d{3}[^.]*\\.\\s+");

    private static final Pattern MARKED = Pattern.compile("`([^`]+)`|\\*\\*([^*]+)\\*\\*|\\*([^*]+)\\*");

    private final List<Part> parts;
    private final Map<String, Entry> byCode = new LinkedHashMap<>();

    /** How a stretch of text is set. */
    enum Style {
        PLAIN,
        CODE,
        BOLD,
        ITALIC
    }

    /** A stretch of text. */
    record Span(Style style, String text) {}

    /**
     * A code.
     *
     * @param meaning what it means, as text
     * @param advice what the laboratory does, as text; empty where the document says it in the meaning
     * @param text all that the document says
     */
    record Entry(String code, String meaning, String advice, List<Span> text) {}

    /** A part of the document. */
    record Part(String heading, List<List<Span>> paragraphs, List<Entry> entries) {}

    private RejectionGuide(List<Part> parts) {
        this.parts = parts;
        parts.forEach(part -> part.entries().forEach(entry -> byCode.put(entry.code(), entry)));
    }

    /** The document of this build. */
    static RejectionGuide packaged() {
        try (InputStream in = RejectionGuide.class.getResourceAsStream(DOCUMENT)) {
            if (in == null) {
                throw new IllegalStateException("the build did not pack docs/rejections.md");
            }
            return read(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads the document. */
    static RejectionGuide read(String markdown) {
        List<Part> parts = new ArrayList<>();
        String code = null;
        for (String block : markdown.strip().split("\\R(?=#)|\\R\\s*\\R", -1)) {
            String text = block.strip();
            if (text.startsWith("### ")) {
                int end = text.indexOf('\n');
                code = (end < 0 ? text.substring(4) : text.substring(4, end)).strip();
                if (end >= 0) {
                    last(parts).entries().add(entry(code, joined(text.substring(end))));
                    code = null;
                }
            } else if (text.startsWith("#")) {
                parts.add(new Part(text.replaceFirst("^#+\\s+", ""), new ArrayList<>(), new ArrayList<>()));
                code = null;
            } else if (code != null) {
                last(parts).entries().add(entry(code, joined(text)));
                code = null;
            } else if (!text.isEmpty()) {
                last(parts).paragraphs().add(spans(joined(text)));
            }
        }
        return new RejectionGuide(parts);
    }

    private static Part last(List<Part> parts) {
        if (parts.isEmpty()) {
            throw new IllegalArgumentException("the document begins without a heading");
        }
        return parts.getLast();
    }

    private static String joined(String text) {
        return text.strip().replaceAll("\\s+", " ");
    }

    private static Entry entry(String code, String text) {
        int arrow = text.indexOf(ARROW);
        String meaning = arrow < 0 ? text : text.substring(0, arrow);
        return new Entry(
                code,
                unmarked(STATUS.matcher(meaning.strip()).replaceFirst("")),
                arrow < 0 ? "" : unmarked(text.substring(arrow + ARROW.length()).strip()),
                spans(text));
    }

    private static List<Span> spans(String text) {
        List<Span> spans = new ArrayList<>();
        Matcher marked = MARKED.matcher(text);
        int from = 0;
        while (marked.find()) {
            if (marked.start() > from) {
                spans.add(new Span(Style.PLAIN, text.substring(from, marked.start())));
            }
            if (marked.group(1) != null) {
                spans.add(new Span(Style.CODE, marked.group(1)));
            } else if (marked.group(2) != null) {
                spans.add(new Span(Style.BOLD, marked.group(2)));
            } else {
                spans.add(new Span(Style.ITALIC, marked.group(3)));
            }
            from = marked.end();
        }
        if (from < text.length()) {
            spans.add(new Span(Style.PLAIN, text.substring(from)));
        }
        return spans;
    }

    private static String unmarked(String text) {
        StringBuilder plain = new StringBuilder();
        spans(text).forEach(span -> plain.append(span.text()));
        return plain.toString();
    }

    /** The parts, in the document's order. */
    List<Part> parts() {
        return List.copyOf(parts);
    }

    /** What a code means; null where the document does not tell it, such as a code of a later version. */
    @Nullable
    Entry of(String code) {
        return byCode.get(code);
    }
}
