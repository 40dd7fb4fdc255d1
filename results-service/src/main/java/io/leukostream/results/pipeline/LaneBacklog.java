package io.leukostream.results.pipeline;

import io.leukostream.schemas.InferenceGroup;
import io.leukostream.schemas.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;

/** Asks the broker what waits in front of inference, and how many workers take it. */
public final class LaneBacklog implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 2_000;

    private final Admin admin;

    /** Connects when first asked. */
    public LaneBacklog(String bootstrapServers) {
        this.admin = Admin.create(Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                AdminClientConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG,
                TIMEOUT_MILLIS,
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                TIMEOUT_MILLIS,
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                TIMEOUT_MILLIS));
    }

    /**
     * A lane.
     *
     * @param waiting records that no worker has finished yet; one under way is among them
     * @param workers consumers in its group
     */
    public record Backlog(InferenceGroup.Lane lane, long waiting, int workers) {}

    /** The broker does not say it now. */
    public static final class Unknown extends Exception {
        private static final long serialVersionUID = 1;

        Unknown(Exception cause) {
            super("the broker does not tell the lag now", cause);
        }
    }

    /**
     * All lanes.
     *
     * @throws Unknown where the broker does not answer in two seconds
     */
    public List<Backlog> lanes() throws Unknown, InterruptedException {
        try {
            List<Backlog> lanes = new ArrayList<>();
            for (InferenceGroup.Lane lane : InferenceGroup.Lane.values()) {
                lanes.add(lane(lane));
            }
            return lanes;
        } catch (ExecutionException | TimeoutException | KafkaException e) {
            throw new Unknown(e);
        }
    }

    private Backlog lane(InferenceGroup.Lane lane) throws InterruptedException, ExecutionException, TimeoutException {
        Topic topic = switch (lane) {
            case ROUTINE -> Topic.SMEAR_IMAGES;
            case STAT -> Topic.SMEAR_IMAGES_STAT;
        };
        String group = InferenceGroup.of(InferenceGroup.serving(), lane);
        List<TopicPartition> partitions = partitions(topic.topicName());
        Map<TopicPartition, Long> ends = offsets(partitions, OffsetSpec.latest());
        Map<TopicPartition, Long> begins = offsets(partitions, OffsetSpec.earliest());
        Map<TopicPartition, OffsetAndMetadata> committed =
                told(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
        long waiting = 0;
        for (TopicPartition partition : partitions) {
            long begin = begins.getOrDefault(partition, 0L);
            OffsetAndMetadata place = committed.get(partition);
            long from = place == null ? begin : Math.max(place.offset(), begin);
            waiting += Math.max(0, ends.getOrDefault(partition, 0L) - from);
        }
        return new Backlog(lane, waiting, workers(group));
    }

    private List<TopicPartition> partitions(String topic)
            throws InterruptedException, ExecutionException, TimeoutException {
        List<TopicPartition> partitions = new ArrayList<>();
        for (TopicDescription description :
                told(admin.describeTopics(List.of(topic)).allTopicNames()).values()) {
            description
                    .partitions()
                    .forEach(partition -> partitions.add(new TopicPartition(topic, partition.partition())));
        }
        return partitions;
    }

    private Map<TopicPartition, Long> offsets(List<TopicPartition> partitions, OffsetSpec spec)
            throws InterruptedException, ExecutionException, TimeoutException {
        Map<TopicPartition, OffsetSpec> question =
                partitions.stream().collect(Collectors.toMap(each -> each, each -> spec));
        return told(admin.listOffsets(question).all()).entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().offset()));
    }

    private int workers(String group) throws InterruptedException, ExecutionException, TimeoutException {
        return told(admin.describeConsumerGroups(List.of(group)).all()).values().stream()
                .mapToInt(description -> description.members().size())
                .sum();
    }

    private static <T> T told(KafkaFuture<T> answer) throws InterruptedException, ExecutionException, TimeoutException {
        return answer.get(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        admin.close();
    }
}
