package io.leukostream.ingest.messaging;

import io.leukostream.ingest.domain.LogPosition;
import io.leukostream.ingest.domain.ProblemCode;
import io.leukostream.ingest.domain.UnavailableException;
import io.leukostream.schemas.InferenceGroup;
import io.leukostream.schemas.KeptSchemas;
import io.leukostream.schemas.Topic;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;

/** Asks broker and registry whether they are there, each within a second or two. */
public final class EventLogProbe implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final int OK = 200;

    private static final TopicDescription NO_TOPIC = new TopicDescription("", false, List.of());

    private final String registryUrl;
    /** Asks for them, though nobody has published anything yet. */
    private final KeptSchemas<Schema, Object> schemas;

    private final Admin admin;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
    private final HttpRequest registryInformation;

    public EventLogProbe(String bootstrapServers, String registryUrl) {
        this.registryUrl = registryUrl;
        this.schemas = KeptSchemas.of(registryUrl);
        int timeoutMillis = Math.toIntExact(TIMEOUT.toMillis());
        this.admin = Admin.create(Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers,
                AdminClientConfig.CLIENT_ID_CONFIG, "leukostream-ingest-health",
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, timeoutMillis,
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, timeoutMillis,
                AdminClientConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 1000));
        this.registryInformation = HttpRequest.newBuilder(URI.create(registryUrl + "/system/info"))
                .timeout(TIMEOUT)
                .build();
    }

    /** Whether a broker answers. */
    public boolean brokerAnswers() throws InterruptedException {
        try {
            return !admin.describeCluster()
                    .nodes()
                    .get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                    .isEmpty();
        } catch (ExecutionException | TimeoutException e) {
            return false;
        }
    }

    /**
     * Whether a record that was written there is there still: it has not expired, and the log was not lost and begun anew.
     *
     * @throws UnavailableException if the broker does not answer
     */
    public boolean holds(LogPosition position) {
        TopicPartition partition = new TopicPartition(position.topic(), position.partition());
        try {
            long begin = offset(partition, OffsetSpec.earliest());
            return begin <= position.offset() && position.offset() < offset(partition, OffsetSpec.latest());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnavailableException(ProblemCode.BROKER_UNAVAILABLE, "interrupted", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new UnavailableException(
                    ProblemCode.BROKER_UNAVAILABLE, "the broker does not tell where the log begins and ends", e);
        }
    }

    private long offset(TopicPartition partition, OffsetSpec which)
            throws InterruptedException, ExecutionException, TimeoutException {
        return answer(admin.listOffsets(Map.of(partition, which)).partitionResult(partition))
                .offset();
    }

    /**
     * Whether a lane holds an image that inference has not finished and that was written longer ago than this.
     *
     * @throws UnavailableException if the broker does not answer
     */
    public boolean holdsWaitingFor(Duration time) {
        try {
            for (InferenceGroup.Lane lane : InferenceGroup.Lane.values()) {
                Topic topic = lane == InferenceGroup.Lane.STAT ? Topic.SMEAR_IMAGES_STAT : Topic.SMEAR_IMAGES;
                if (holdsWaitingFor(time, topic, InferenceGroup.of(InferenceGroup.serving(), lane))) {
                    return true;
                }
            }
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnavailableException(ProblemCode.BROKER_UNAVAILABLE, "interrupted", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new UnavailableException(
                    ProblemCode.BROKER_UNAVAILABLE, "the broker does not tell what waits in the log", e);
        }
    }

    private boolean holdsWaitingFor(Duration time, Topic topic, String group)
            throws InterruptedException, ExecutionException, TimeoutException {
        List<TopicPartition> partitions = answer(
                        admin.describeTopics(List.of(topic.topicName())).allTopicNames())
                .getOrDefault(topic.topicName(), NO_TOPIC)
                .partitions()
                .stream()
                .map(each -> new TopicPartition(topic.topicName(), each.partition()))
                .toList();
        long before = Instant.now().minus(time).toEpochMilli();
        var finished = answer(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
        var begins = offsets(partitions, OffsetSpec.earliest());
        var ends = offsets(partitions, OffsetSpec.latest());
        var younger = offsets(partitions, OffsetSpec.forTimestamp(before));
        for (TopicPartition partition : partitions) {
            OffsetAndMetadata committed = finished.get(partition);
            long next = Math.max(begins.getOrDefault(partition, 0L), committed == null ? 0 : committed.offset());
            long firstYounger = younger.getOrDefault(partition, -1L);
            // None is younger: then all that is there is older.
            if (next < (firstYounger < 0 ? ends.getOrDefault(partition, 0L) : firstYounger)) {
                return true;
            }
        }
        return false;
    }

    private Map<TopicPartition, Long> offsets(List<TopicPartition> partitions, OffsetSpec which)
            throws InterruptedException, ExecutionException, TimeoutException {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        answer(admin.listOffsets(partitions.stream().collect(Collectors.toMap(each -> each, each -> which)))
                        .all())
                .forEach((partition, found) -> offsets.put(partition, found.offset()));
        return offsets;
    }

    private static <T> T answer(KafkaFuture<T> future)
            throws InterruptedException, ExecutionException, TimeoutException {
        return future.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Whether the registry has told the ids of this version's schemas. */
    public boolean schemasAreKnown() {
        return KeptSchemas.areComplete(registryUrl);
    }

    /** Whether the registry answers. */
    public boolean registryAnswers() throws InterruptedException {
        try {
            return http.send(registryInformation, HttpResponse.BodyHandlers.discarding())
                            .statusCode()
                    == OK;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() {
        schemas.close();
        admin.close(TIMEOUT);
        http.close();
    }
}
