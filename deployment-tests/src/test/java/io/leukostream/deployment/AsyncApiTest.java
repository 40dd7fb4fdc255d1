package io.leukostream.deployment;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.leukostream.schemas.Topic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

/**
 * Compares {@code docs/asyncapi.yaml} with the topics and their schemas. Run it with the environment variable
 * {@code LEUKOSTREAM_WRITE_DOCUMENTS=true} after a change of either to write the file anew.
 */
class AsyncApiTest {
    private static final Path DOCUMENT = Path.of("..", "docs", "asyncapi.yaml");

    @Test
    void theDocumentIsThatOfTheCode() throws IOException {
        // Given
        String expected = AsyncApi.document();
        if (Boolean.parseBoolean(System.getenv("LEUKOSTREAM_WRITE_DOCUMENTS"))) {
            Files.writeString(DOCUMENT, expected);
        }

        // When
        String committed = Files.readString(DOCUMENT);

        // Then
        assertEquals(expected, committed);
    }

    @Test
    void eachTopicAndFieldIsThereAndNoneIsInvented() throws IOException {
        // When
        List<String> differences = differences(document());

        // Then
        assertEquals(List.of(), differences);
    }

    @Test
    void aTopicThatIsMissingIsNamed() throws IOException {
        // Given
        JsonNode document = document();
        ((ObjectNode) document.path("channels")).remove("patient.audit");

        // When
        List<String> differences = differences(document);

        // Then
        assertEquals(List.of("patient.audit: missing"), differences);
    }

    @Test
    void aTopicOrAFieldThatIsInventedIsNamed() throws IOException {
        // Given
        JsonNode document = document();
        ((ObjectNode) document.path("channels"))
                .set("blood.groups", document.path("channels").path("specimens"));
        JsonNode schema = document.at("/components/schemas/AlertEvent/schema");
        ((ArrayNode) schema.path("fields")).addObject().put("name", "colour").put("type", "string");

        // When
        List<String> differences = differences(document);

        // Then
        assertEquals(
                List.of(
                        "hematology.alerts: fields " + fields(Topic.HEMATOLOGY_ALERTS.valueSchema()) + " are given as "
                                + fields(new Schema.Parser().parse(schema.toString())),
                        "blood.groups: invented"),
                differences);
    }

    @Test
    void aFieldOfAnotherTypeAndOtherPartitionsAreNamed() throws IOException {
        // Given
        JsonNode document = document();
        ((ObjectNode) document.at("/components/schemas/PatientAudit/schema/fields/1")).put("type", "int");
        ((ObjectNode) document.path("channels").path("specimens").at("/bindings/kafka")).put("partitions", 7);

        // When
        List<String> differences = differences(document);

        // Then
        assertEquals(2, differences.size(), differences.toString());
        assertEquals("specimens: 12 partitions are given as 7", differences.getFirst());
    }

    private static JsonNode document() throws IOException {
        return AsyncApi.YAML.readTree(DOCUMENT.toFile());
    }

    /** Reads the document as a reader does: from channel to message to schema. */
    private static List<String> differences(JsonNode document) throws IOException {
        List<String> differences = new ArrayList<>();
        Set<String> channels = new HashSet<>();
        document.path("channels").fieldNames().forEachRemaining(channels::add);
        for (Topic topic : Topic.values()) {
            String name = topic.topicName();
            JsonNode channel = document.path("channels").path(name);
            if (!channels.remove(name)) {
                differences.add(name + ": missing");
                continue;
            }
            JsonNode kafka = channel.at("/bindings/kafka");
            check(differences, name, "address", name, channel.path("address").asText());
            if (kafka.path("partitions").asInt() != topic.partitions()) {
                differences.add(name + ": " + topic.partitions() + " partitions are given as "
                        + kafka.path("partitions").asInt());
            }
            check(
                    differences,
                    name,
                    "settings",
                    AsyncApi.YAML.valueToTree(AsyncApi.configuration(topic)).toString(),
                    kafka.path("topicConfiguration").toString());
            JsonNode message = resolved(document, channel.at("/messages/value"));
            JsonNode payload = resolved(document, message.path("payload"));
            check(
                    differences,
                    name,
                    "format",
                    AsyncApi.AVRO,
                    payload.path("schemaFormat").asText());
            Schema given = new Schema.Parser().parse(payload.path("schema").toString());
            Schema schema = topic.valueSchema();
            if (!fields(schema).equals(fields(given))) {
                differences.add(name + ": fields " + fields(schema) + " are given as " + fields(given));
            } else {
                check(
                        differences,
                        name,
                        "schema",
                        AsyncApi.plain(schema).toString(),
                        payload.path("schema").toString());
            }
            String key = message.at("/bindings/kafka/key/description").asText();
            if (schema.getField(key) == null) {
                differences.add(name + ": the key " + key + " is no field");
            }
        }
        channels.stream().sorted().forEach(name -> differences.add(name + ": invented"));
        return differences;
    }

    private static void check(List<String> differences, String topic, String what, String expected, String given) {
        if (!expected.equals(given)) {
            differences.add(topic + ": " + what + " " + expected + " is given as " + given);
        }
    }

    private static List<String> fields(Schema schema) {
        return schema.getFields().stream()
                .map(field -> field.name() + " " + field.schema().getType())
                .toList();
    }

    private static JsonNode resolved(JsonNode document, JsonNode reference) {
        String path = reference.path("$ref").asText();
        // A topic's name holds dots, which a JSON pointer takes as they are.
        return document.at(path.substring(1));
    }
}
