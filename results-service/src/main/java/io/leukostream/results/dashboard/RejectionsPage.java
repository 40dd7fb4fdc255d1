package io.leukostream.results.dashboard;

import io.leukostream.results.dashboard.RejectionGuide.Entry;
import io.leukostream.results.dashboard.RejectionGuide.Part;
import io.leukostream.results.dashboard.RejectionGuide.Span;
import io.leukostream.results.dashboard.RejectionGuide.Style;
import io.quarkus.qute.TemplateInstance;
import java.util.List;

/**
 * What each code means, and what the laboratory does.
 *
 * @param heading the document's own
 * @param introduction the paragraphs under it
 * @param sections its sections
 */
public record RejectionsPage(String heading, List<Paragraph> introduction, List<Section> sections)
        implements TemplateInstance {
    /** Takes copies of the lists. */
    public RejectionsPage {
        introduction = List.copyOf(introduction);
        sections = List.copyOf(sections);
    }

    /** A section. */
    public record Section(String heading, List<Paragraph> paragraphs, List<Code> codes) {}

    /** A code, which is also its anchor. */
    public record Code(String code, Paragraph text) {}

    /** A paragraph. */
    public record Paragraph(List<Words> words) {}

    /**
     * A stretch of a paragraph.
     *
     * @param style in small letters
     */
    public record Words(String style, String text) {}

    static RejectionsPage of(RejectionGuide guide) {
        List<Part> parts = guide.parts();
        Part title = parts.getFirst();
        return new RejectionsPage(
                title.heading(),
                paragraphs(title),
                parts.stream()
                        .skip(1)
                        .map(part -> new Section(
                                part.heading(),
                                paragraphs(part),
                                part.entries().stream()
                                        .map(RejectionsPage::code)
                                        .toList()))
                        .toList());
    }

    private static Code code(Entry entry) {
        return new Code(entry.code(), paragraph(entry.text()));
    }

    private static List<Paragraph> paragraphs(Part part) {
        return part.paragraphs().stream().map(RejectionsPage::paragraph).toList();
    }

    private static Paragraph paragraph(List<Span> spans) {
        return new Paragraph(spans.stream()
                .map(span -> new Words(style(span.style()), span.text()))
                .toList());
    }

    private static String style(Style style) {
        return switch (style) {
            case PLAIN -> "plain";
            case CODE -> "code";
            case BOLD -> "bold";
            case ITALIC -> "italic";
        };
    }
}
