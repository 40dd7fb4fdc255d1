package io.leukostream.deployment;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import io.leukostream.schemas.ImageLimit;
import io.leukostream.schemas.Topic;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;

/** The topics as an AsyncAPI 3.0 document, made from {@link Topic} and the Avro schemas. */
final class AsyncApi {
    static final ObjectMapper YAML = new ObjectMapper(YAMLFactory.builder()
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
            .enable(YAMLGenerator.Feature.INDENT_ARRAYS_WITH_INDICATOR)
            .build());

    static final String AVRO = "application/vnd.apache.avro;version=1.9.0";

    private static final String HEADER = """
            # The topics, their keys and their values. Made from the code: AsyncApiTest fails where they differ, and its Javadoc
            # says how to write this file anew.
            """;

    private AsyncApi() {}

    static String document() throws JsonProcessingException {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("asyncapi", "3.0.0");
        Map<String, Object> info = new LinkedHashMap<>();
        info.put("title", "Leukostream");
        info.put("version", "0.1.0");
        info.put(
                "description",
                "Streaming triage of blood cell images. Research use only: a haematologist decides. Readers use"
                        + " read_committed. A value is a zero byte, the four bytes of its schema's content id in the"
                        + " registry, and Avro binary. Keys are UTF-8 strings, partitioned with Java's murmur2"
                        + " (murmur2_random in librdkafka).");
        info.put("license", Map.of("name", "Apache-2.0"));
        document.put("info", info);
        document.put("defaultContentType", "avro/binary");
        Map<String, Object> channels = new LinkedHashMap<>();
        Map<String, Object> operations = new LinkedHashMap<>();
        Map<String, Object> messages = new LinkedHashMap<>();
        Map<String, Object> schemas = new LinkedHashMap<>();
        for (Topic topic : Topic.values()) {
            Schema schema = topic.valueSchema();
            channels.put(topic.topicName(), channel(topic));
            messages.put(topic.topicName(), message(topic));
            if (topic.compatibility() == Topic.Compatibility.FULL_TRANSITIVE) {
                operations.put("read." + topic.topicName(), operation(topic, "send", "Outsiders may read this."));
            }
            schemas.putIfAbsent(schema.getName(), schema(schema));
        }
        for (Topic topic : List.of(Topic.SMEAR_IMAGES, Topic.SMEAR_IMAGES_STAT)) {
            operations.put(
                    "write." + topic.topicName(),
                    operation(
                            topic,
                            "receive",
                            "A scanner may publish here itself, after it has registered the specimen over HTTP."));
        }
        document.put("channels", channels);
        document.put("operations", operations);
        Map<String, Object> components = new LinkedHashMap<>();
        components.put("messages", messages);
        components.put("schemas", schemas);
        document.put("components", components);
        return HEADER + YAML.writeValueAsString(document);
    }

    private static Map<String, Object> channel(Topic topic) {
        Map<String, Object> channel = new LinkedHashMap<>();
        channel.put("address", topic.topicName());
        channel.put("description", topic.valueSchema().getDoc() + " Kept: " + kept(topic) + ".");
        channel.put("messages", Map.of("value", ref("components/messages/" + topic.topicName())));
        Map<String, Object> kafka = new LinkedHashMap<>();
        kafka.put("topic", topic.topicName());
        kafka.put("partitions", topic.partitions());
        kafka.put("topicConfiguration", configuration(topic));
        kafka.put("bindingVersion", "0.5.0");
        channel.put("bindings", Map.of("kafka", kafka));
        return channel;
    }

    /** The settings, in the types of the binding. */
    static Map<String, Object> configuration(Topic topic) {
        Map<String, Object> configuration = new LinkedHashMap<>();
        topic.settings(ImageLimit.DEFAULT).forEach((name, value) -> {
            switch (name) {
                case "cleanup.policy" -> configuration.put(name, List.of(value));
                case "message.timestamp.type" -> configuration.put(name, value);
                default -> configuration.put(name, Long.parseLong(value));
            }
        });
        return configuration;
    }

    static String kept(Topic topic) {
        Topic.Retention retention = topic.retention();
        if (retention.compacted()) {
            return "the newest value of each key, for ever";
        }
        return retention.time().isNegative() ? "for ever" : retention.time().toDays() + " days";
    }

    private static Map<String, Object> message(Topic topic) {
        Map<String, Object> message = new LinkedHashMap<>();
        message.put("name", topic.valueSchema().getName());
        message.put("contentType", "avro/binary");
        message.put("payload", ref("components/schemas/" + topic.valueSchema().getName()));
        Map<String, Object> kafka = new LinkedHashMap<>();
        Map<String, Object> key = new LinkedHashMap<>();
        key.put("type", "string");
        key.put("description", key(topic));
        kafka.put("key", key);
        kafka.put("schemaIdLocation", "payload");
        kafka.put("schemaIdPayloadEncoding", "4");
        kafka.put("bindingVersion", "0.5.0");
        message.put("bindings", Map.of("kafka", kafka));
        return message;
    }

    /** The topics are keyed by image, specimen or patient: by the narrowest that their records have in common. */
    static String key(Topic topic) {
        return switch (topic) {
            case SMEAR_IMAGES, SMEAR_IMAGES_STAT -> "imageId";
            case PATIENT_VERDICTS, PATIENT_AUDIT, HEMATOLOGY_ALERTS, ALERT_ACKNOWLEDGEMENTS, ALERT_DELIVERIES ->
                "patientId";
            case RESULTS_REJECTED -> "key";
            default -> "specimenId";
        };
    }

    private static Map<String, Object> schema(Schema schema) throws JsonProcessingException {
        Map<String, Object> multiFormat = new LinkedHashMap<>();
        multiFormat.put("schemaFormat", AVRO);
        multiFormat.put("schema", plain(schema));
        return multiFormat;
    }

    /** The schema without what only Avro's code generator for Java reads. */
    static JsonNode plain(Schema schema) throws JsonProcessingException {
        return new ObjectMapper()
                .readTree(schema.toString()
                        .replace("{\"type\":\"string\",\"avro.java.string\":\"String\"}", "\"string\""));
    }

    private static Map<String, Object> operation(Topic topic, String action, String summary) {
        Map<String, Object> operation = new LinkedHashMap<>();
        operation.put("action", action);
        operation.put("summary", summary);
        operation.put("channel", ref("channels/" + topic.topicName()));
        return operation;
    }

    private static Map<String, Object> ref(String path) {
        return Map.of("$ref", "#/" + path);
    }
}
