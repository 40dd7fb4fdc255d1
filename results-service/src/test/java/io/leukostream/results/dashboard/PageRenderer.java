package io.leukostream.results.dashboard;

import io.quarkus.qute.Engine;
import io.quarkus.qute.HtmlEscaper;
import io.quarkus.qute.ReflectionValueResolver;
import io.quarkus.qute.TemplateInstance;
import io.quarkus.qute.UserTagSectionHelper;
import io.quarkus.qute.Variant;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.lang.reflect.RecordComponent;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Renders a page with the real templates and a Qute engine of its own: no service, no broker. */
final class PageRenderer {

    private static final List<String> TAGS = List.of(
            "icon",
            "mark",
            "time",
            "intervalSmall",
            "interval",
            "alert",
            "inbox",
            "tally",
            "overdue",
            "advice",
            "words",
            "cell",
            "differential",
            "doubleReading",
            "doubt",
            "evidence",
            "reviewers",
            "specimen");

    private final Engine engine;

    PageRenderer() {
        var builder = Engine.builder()
                .addDefaults()
                .addValueResolver(new ReflectionValueResolver())
                .addResultMapper(new HtmlEscaper(List.of(Variant.TEXT_HTML)))
                .addLocator(PageRenderer::locate);
        for (String tag : TAGS) {
            builder.addSectionHelper(new UserTagSectionHelper.Factory(tag, "tags/" + tag));
        }
        engine = builder.build();
    }

    /** The page as HTML. */
    String render(TemplateInstance page) {
        Class<?> type = page.getClass();
        TemplateInstance instance = engine.getTemplate(type.getSimpleName()).instance();
        instance.data("assets", "test");
        try {
            for (RecordComponent component : type.getRecordComponents()) {
                instance.data(component.getName(), component.getAccessor().invoke(page));
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("not a page: " + type, e);
        }
        return instance.render();
    }

    private static Optional<io.quarkus.qute.TemplateLocator.TemplateLocation> locate(String id) {
        URL url = PageRenderer.class.getResource("/templates/" + id + ".html");
        return url == null ? Optional.empty() : Optional.of(new Html(url));
    }

    private record Html(URL url) implements io.quarkus.qute.TemplateLocator.TemplateLocation {
        @Override
        public Reader read() {
            try {
                return new InputStreamReader(url.openStream(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public Optional<Variant> getVariant() {
            return Optional.of(Variant.forContentType(Variant.TEXT_HTML));
        }
    }
}
