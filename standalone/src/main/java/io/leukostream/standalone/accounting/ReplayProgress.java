package io.leukostream.standalone.accounting;

import io.leukostream.schemas.InferenceGroup;
import io.leukostream.schemas.Topic;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/**
 * How far a shadow bundle has read the image log, up to where the log ended when it was asked for first. Offsets are
 * counted, so what a producer's transactions left between the images counts too.
 */
public final class ReplayProgress implements AutoCloseable {
    private final Admin admin;
    private final String prefix;
    private final Map<TopicPartition, Long> begins;
    private final Map<TopicPartition, Long> ends;

    /**
     * Looks where the image log begins and ends now.
     *
     * @throws IllegalStateException if the broker does not answer
     */
    public ReplayProgress(String bootstrapServers, String bundleSha256) throws InterruptedException {
        this.admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers));
        this.prefix = InferenceGroup.shadow(bundleSha256);
        List<TopicPartition> partitions = partitions();
        this.begins = offsets(partitions, OffsetSpec.earliest());
        this.ends = offsets(partitions, OffsetSpec.latest());
    }

    /** Images that the log held at the beginning. */
    public long total() {
        return ends.entrySet().stream()
                .mapToLong(end -> end.getValue() - begins.getOrDefault(end.getKey(), 0L))
                .sum();
    }

    /** How many of them the shadow has finished, in this run or an earlier one. */
    public long done() throws InterruptedException {
        Map<TopicPartition, Long> committed = new HashMap<>();
        for (InferenceGroup.Lane lane : InferenceGroup.Lane.values()) {
            answer(admin.listConsumerGroupOffsets(InferenceGroup.of(prefix, lane))
                            .partitionsToOffsetAndMetadata()::get)
                    .forEach((partition, offset) -> {
                        if (offset != null) {
                            committed.put(partition, offset.offset());
                        }
                    });
        }
        return ends.entrySet().stream()
                .mapToLong(end -> {
                    long begin = begins.getOrDefault(end.getKey(), 0L);
                    long next = Math.min(committed.getOrDefault(end.getKey(), begin), end.getValue());
                    return Math.max(0, next - begin);
                })
                .sum();
    }

    private List<TopicPartition> partitions() throws InterruptedException {
        List<String> topics = List.of(Topic.SMEAR_IMAGES.topicName(), Topic.SMEAR_IMAGES_STAT.topicName());
        return answer(admin.describeTopics(topics).allTopicNames()::get).values().stream()
                .flatMap(topic -> topic.partitions().stream()
                        .map(partition -> new TopicPartition(topic.name(), partition.partition())))
                .toList();
    }

    private Map<TopicPartition, Long> offsets(List<TopicPartition> partitions, OffsetSpec which)
            throws InterruptedException {
        return answer(admin.listOffsets(partitions.stream().collect(Collectors.toMap(Function.identity(), _ -> which)))
                        .all()::get)
                .entrySet()
                .stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().offset()));
    }

    /** Something that the broker is asked for. */
    private interface Question<T> {
        T ask() throws InterruptedException, ExecutionException;
    }

    private static <T> T answer(Question<T> question) throws InterruptedException {
        try {
            return question.ask();
        } catch (ExecutionException e) {
            throw new IllegalStateException("the broker does not tell its offsets", e.getCause());
        }
    }

    @Override
    public void close() {
        admin.close();
    }
}
