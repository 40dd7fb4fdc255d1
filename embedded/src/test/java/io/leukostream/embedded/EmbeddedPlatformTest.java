package io.leukostream.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.apicurio.registry.serde.avro.AvroKafkaDeserializer;
import io.apicurio.registry.serde.avro.AvroKafkaSerializer;
import io.leukostream.events.SpecimenRegistered;
import io.leukostream.schemas.ImageLimit;
import io.leukostream.schemas.Topic;
import io.leukostream.schemas.WireFormat;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedPlatformTest {
    @TempDir
    static Path folder;

    private static EmbeddedPlatform platform;

    @BeforeAll
    static void start() throws Exception {
        platform = EmbeddedPlatform.start(folder);
    }

    @AfterAll
    static void stop() {
        platform.close();
    }

    @Test
    void everyTopicHasItsPartitionsAndProvisioningAgainIsHarmless() throws Exception {
        // Given
        Provisioning.topics(platform.bootstrapServers(), ImageLimit.DEFAULT, (short) 1);
        Provisioning.schemas(platform.registryUrl());

        // When
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", platform.bootstrapServers()))) {
            var described = admin.describeTopics(List.of(Topic.values()).stream()
                            .map(Topic::topicName)
                            .toList())
                    .allTopicNames()
                    .get();

            // Then
            for (Topic topic : Topic.values()) {
                assertEquals(
                        topic.partitions(),
                        described.get(topic.topicName()).partitions().size(),
                        topic.topicName());
            }
        }
    }

    @Test
    void aRecordIsWrittenWithTheRegisteredSchemaAndRegistersNothingElse() throws Exception {
        // Given
        SpecimenRegistered specimen = SpecimenRegistered.newBuilder()
                .setSpecimenId("S-AAAAAAAA")
                .setPatientId("P-AAAAAAAA")
                .setSpecimenType("BONE_MARROW")
                .setKind("CELL")
                .setVersion(1)
                .setRegisteredAt(Instant.ofEpochMilli(1))
                .build();
        Map<String, Object> settings = new HashMap<>(WireFormat.settings(platform.registryUrl()));
        settings.put("bootstrap.servers", platform.bootstrapServers());

        // When
        try (var producer = new KafkaProducer<String, Object>(settings, new StringSerializer(), serializer(settings))) {
            producer.send(new ProducerRecord<>("specimens", 0, "S-AAAAAAAA", specimen))
                    .get();
        }

        // Then
        AvroKafkaDeserializer<Object> deserializer = new AvroKafkaDeserializer<>();
        deserializer.configure(settings, false);
        try (var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), deserializer)) {
            consumer.assign(List.of(new TopicPartition("specimens", 0)));
            consumer.seekToBeginning(consumer.assignment());
            ConsumerRecord<String, Object> record =
                    consumer.poll(Duration.ofSeconds(10)).iterator().next();
            assertEquals(specimen, record.value());
        }
        assertEquals(Topic.values().length, artifactCount());
    }

    @Test
    void theRegistryRefusesAVersionThatBreaksReaders() {
        // Given
        String broken = "{\"type\":\"record\",\"name\":\"AlertEvent\",\"namespace\":\"io.leukostream.events\","
                + "\"fields\":[{\"name\":\"other\",\"type\":\"string\"}]}";

        // When
        IOException refused = assertThrows(IOException.class, () -> register("hematology.alerts-value", broken));

        // Then
        assertTrue(refused.getMessage().contains("RuleViolationException"), refused.getMessage());
    }

    private static AvroKafkaSerializer<Object> serializer(Map<String, Object> settings) {
        AvroKafkaSerializer<Object> serializer = new AvroKafkaSerializer<>();
        serializer.configure(settings, false);
        return serializer;
    }

    private static long artifactCount() throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            String body = client.send(
                            HttpRequest.newBuilder(URI.create(platform.registryUrl() + "/search/artifacts?limit=100"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
            return new com.fasterxml.jackson.databind.ObjectMapper()
                    .readTree(body)
                    .get("count")
                    .asLong();
        }
    }

    private static void register(String subject, String schema) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            String body = new com.fasterxml.jackson.databind.ObjectMapper()
                    .writeValueAsString(
                            Map.of("content", Map.of("content", schema, "contentType", "application/json")));
            HttpResponse<String> response = client.send(
                    HttpRequest.newBuilder(URI.create(
                                    platform.registryUrl() + "/groups/default/artifacts/" + subject + "/versions"))
                            .header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString(body))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() >= 300) {
                throw new IOException(response.statusCode() + " " + response.body());
            }
        }
    }
}
