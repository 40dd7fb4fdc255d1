package io.leukostream.schemas;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.avro.SchemaNormalization;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Holds today's schemas to every version that was published, kept as {@code src/published/<topic>/<n>.avsc}. To publish
 * a change, run {@code ./mvnw -pl schemas test -Dleukostream.publish=true}, which writes the next version of each
 * schema that changed, and commit the file.
 */
class CompatibilityTest {
    private static final Path PUBLISHED = Path.of("src/published");

    @ParameterizedTest
    @EnumSource(Topic.class)
    void todaysSchemaIsCompatibleWithEveryPublishedVersion(Topic topic) throws IOException {
        // Given
        Schema today = topic.valueSchema();
        List<Schema> published = published(topic);
        if (Boolean.getBoolean("leukostream.publish") && (published.isEmpty() || changed(published.getLast(), today))) {
            Path next = PUBLISHED.resolve(topic.topicName()).resolve(published.size() + 1 + ".avsc");
            Files.createDirectories(next.getParent());
            Files.writeString(next, today.toString(true) + "\n");
            published.add(today);
        }
        assertFalse(
                published.isEmpty(), () -> topic.topicName() + " has no published schema: see this class's Javadoc");

        // When
        List<String> breaks = new ArrayList<>();
        for (int k = 0; k < published.size(); k++) {
            String version = topic.topicName() + " version " + (k + 1);
            breaks.addAll(breaks(version + " read today", today, published.get(k)));
            if (topic.compatibility() == Topic.Compatibility.FULL_TRANSITIVE) {
                breaks.addAll(breaks("today read by " + version, published.get(k), today));
            }
        }

        // Then
        assertEquals(List.of(), breaks);
        assertFalse(
                changed(published.getLast(), today),
                () -> topic.topicName() + " was changed and not published: see this class's Javadoc");
    }

    @Test
    void aRemovedFieldWithoutDefaultIsFound() {
        // Given
        Schema old = new Schema.Parser()
                .parse("{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"a\",\"type\":\"string\"}]}");
        Schema changed = new Schema.Parser()
                .parse("{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"b\",\"type\":\"string\"}]}");

        // When
        List<String> breaks = breaks("R", changed, old);

        // Then
        assertEquals(1, breaks.size());
    }

    @Test
    void everySchemaSaysWhatItIs() {
        // Given
        Stream<Topic> topics = Stream.of(Topic.values());

        // When
        List<Schema> schemas = topics.map(Topic::valueSchema).toList();

        // Then
        for (Schema schema : schemas) {
            assertTrue(
                    schema.getDoc() != null && !schema.getDoc().isBlank(), schema.getFullName() + " says what it is");
        }
    }

    private static List<String> breaks(String what, Schema reader, Schema writer) {
        var result = SchemaCompatibility.checkReaderWriterCompatibility(reader, writer);
        if (result.getType() == SchemaCompatibilityType.COMPATIBLE) {
            return List.of();
        }
        return result.getResult().getIncompatibilities().stream()
                .map(i -> what + ": " + i.getType() + " at " + i.getLocation() + ": " + i.getMessage())
                .toList();
    }

    private static boolean changed(Schema published, Schema today) {
        return !SchemaNormalization.toParsingForm(published).equals(SchemaNormalization.toParsingForm(today));
    }

    private static List<Schema> published(Topic topic) throws IOException {
        Path folder = PUBLISHED.resolve(topic.topicName());
        if (!Files.isDirectory(folder)) {
            return new ArrayList<>();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return new ArrayList<>(files.sorted(Comparator.comparingInt(CompatibilityTest::version))
                    .map(CompatibilityTest::parse)
                    .toList());
        }
    }

    private static int version(Path file) {
        return Integer.parseInt(file.getFileName().toString().replace(".avsc", ""));
    }

    private static Schema parse(Path file) {
        try {
            return new Schema.Parser().parse(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
