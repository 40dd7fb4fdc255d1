package io.leukostream.results.notification;

import io.leukostream.events.AlertDelivery;
import io.leukostream.events.AlertEvent;
import io.leukostream.results.topology.Infrastructure;
import io.leukostream.results.topology.LogReader;
import io.leukostream.schemas.Topic;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordDeserializationException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Carries the steps of alerts to one channel, in one thread. A partition's offset is committed up to the first step whose
 * attempts are not at an end; after a restart the steps from there on are read again, and what is noted on
 * {@code alert.deliveries} says which of them were delivered, and when the others are due. So a step is delivered at least
 * once, and again only where this process ended between the answer and the note. Steps of one alert can overtake each
 * other where one has to be tried again.
 */
final class Courier implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Courier.class);
    private static final String GROUP = "results-notifications-";
    private static final Duration BETWEEN_TRIES = Duration.ofSeconds(1);
    private static final Duration POLL = Duration.ofMillis(500);
    /** Steps from so long before a channel's first start are told too: they may have come while this process started. */
    private static final Duration BEFORE_FIRST_START = Duration.ofMinutes(1);
    /** With so many steps waiting no more are read. */
    private static final int MOST_WAITING = 1_000;

    /** What a courier works with beside its channel. */
    record Setting(
            String bootstrapServers,
            String instance,
            Duration sessionTimeout,
            URI base,
            RetryPolicy retries,
            Clock clock) {}

    private final Channel channel;
    private final Setting setting;
    private final Deserializer<SpecificRecord> values;
    private final Consumer<AlertDelivery> log;
    private final PastAttempts past;
    private final Random random = new Random();
    private final Instant startedAt;
    private final Thread thread;
    private final Map<TopicPartition, Round> rounds = new HashMap<>();
    private volatile ChannelHealth health;
    private volatile boolean closed;
    private volatile @Nullable KafkaConsumer<String, SpecificRecord> reading;

    /**
     * A courier that is not under way yet.
     *
     * @param log notes an attempt and returns when it is kept; throws where it cannot
     */
    Courier(Channel channel, Setting setting, Deserializer<SpecificRecord> values, Consumer<AlertDelivery> log) {
        this.channel = channel;
        this.setting = setting;
        this.values = values;
        this.log = log;
        this.past = new PastAttempts(channel.name(), setting.bootstrapServers(), values);
        this.startedAt = setting.clock().instant();
        this.health = ChannelHealth.of(channel);
        this.thread =
                Thread.ofPlatform().daemon().name("courier-" + channel.name()).unstarted(this::run);
    }

    /** The steps of one partition that are still to be delivered, by their offset. */
    private static final class Round {
        private final TreeMap<Long, Errand> open = new TreeMap<>();
        private long next = -1;
        private long committed = -1;

        /** Up to where everything is at an end. */
        long done() {
            return open.isEmpty() ? next : open.firstKey();
        }
    }

    /** A step on its way. */
    private record Errand(TopicPartition partition, long offset, AlertMessage message, int failed, Instant dueAt) {}

    /** Begins; returns at once. */
    void start() {
        thread.start();
    }

    ChannelHealth health() {
        return health;
    }

    private void run() {
        while (!closed) {
            try {
                carry();
            } catch (WakeupException e) {
                LOG.debugf("The courier of channel %s was told to stop", channel.name());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (RuntimeException e) {
                if (closed) {
                    return;
                }
                LOG.warnf(
                        "The courier of channel %s begins again from what is noted: %s",
                        channel.name(), e.getMessage());
                try {
                    Thread.sleep(BETWEEN_TRIES);
                } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                    return;
                }
            }
        }
    }

    private Map<String, Object> settings() {
        Map<String, Object> settings = LogReader.settings(setting.bootstrapServers(), "earliest");
        String group = GROUP + channel.name();
        settings.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        settings.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, group + "-" + setting.instance());
        settings.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, (int)
                setting.sessionTimeout().toMillis());
        settings.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, (int)
                setting.sessionTimeout().dividedBy(4).toMillis());
        settings.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 100);
        settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 100);
        return settings;
    }

    private void carry() throws InterruptedException {
        rounds.clear();
        past.forget();
        try (KafkaConsumer<String, SpecificRecord> consumer =
                new KafkaConsumer<>(settings(), new StringDeserializer(), values)) {
            reading = consumer;
            consumer.subscribe(List.of(Topic.HEMATOLOGY_ALERTS.topicName()), new Handover(consumer));
            while (!closed) {
                read(consumer);
                Optional<Errand> due = next().filter(errand -> !errand.dueAt().isAfter(now()));
                if (due.isPresent()) {
                    attempt(due.get());
                }
                commit(consumer);
                health = health.waiting(waiting());
            }
        } finally {
            reading = null;
        }
    }

    private void read(KafkaConsumer<String, SpecificRecord> consumer) {
        if (waiting() >= MOST_WAITING) {
            consumer.pause(consumer.assignment());
        } else {
            consumer.resume(consumer.paused());
        }
        Duration untilDue = next().map(errand -> Duration.between(now(), errand.dueAt()))
                .filter(left -> left.compareTo(POLL) < 0)
                .orElse(POLL);
        try {
            consumer.poll(untilDue.isNegative() ? Duration.ZERO : untilDue).forEach(this::take);
        } catch (RecordDeserializationException e) {
            if (Infrastructure.failed(e.getCause())) {
                throw e;
            }
            LOG.errorf(
                    "The courier of channel %s skips an alert that it cannot read, partition %s, offset %d",
                    channel.name(), e.topicPartition(), e.offset());
            consumer.seek(e.topicPartition(), e.offset() + 1);
        }
    }

    private void take(ConsumerRecord<String, SpecificRecord> record) {
        TopicPartition partition = new TopicPartition(record.topic(), record.partition());
        Round round = round(partition);
        round.next = record.offset() + 1;
        if (!(record.value() instanceof AlertEvent event) || !concerns(event)) {
            return;
        }
        AlertMessage message = AlertMessage.of(event, setting.base());
        AlertDelivery last = past.last(message.id(), Instant.ofEpochMilli(record.timestamp()));
        if (last == null) {
            round.open.put(record.offset(), new Errand(partition, record.offset(), message, 0, now()));
        } else if (last.getNextAttemptAt() != null) {
            round.open.put(
                    record.offset(),
                    new Errand(partition, record.offset(), message, last.getAttempt(), last.getNextAttemptAt()));
        }
    }

    private Round round(TopicPartition partition) {
        return rounds.computeIfAbsent(partition, each -> new Round());
    }

    /** That a channel delivered is no news to a channel. */
    private boolean concerns(AlertEvent event) {
        return !event.getState().equals("NOTIFIED")
                && (event.getChannels().isEmpty() || event.getChannels().contains(channel.name()));
    }

    private Optional<Errand> next() {
        return rounds.values().stream()
                .flatMap(round -> round.open.values().stream())
                .min(Comparator.comparing(Errand::dueAt).thenComparingLong(Errand::offset));
    }

    private int waiting() {
        return rounds.values().stream().mapToInt(round -> round.open.size()).sum();
    }

    private void attempt(Errand errand) throws InterruptedException {
        Channel.Result result = channel.deliver(errand.message());
        Instant at = now();
        int attempt = errand.failed() + 1;
        Instant again = result instanceof Channel.Result.Failed
                        && attempt < setting.retries().attempts()
                ? at.plus(setting.retries().pause(attempt, random.nextDouble()))
                : null;
        String detail = result instanceof Channel.Result.Failed(String why) ? why : null;
        log.accept(AlertDelivery.newBuilder()
                .setAlertId(errand.message().alertId())
                .setPatientId(errand.message().patientId())
                .setAlertState(errand.message().state())
                .setChannel(channel.kind().name())
                .setChannelName(channel.name())
                .setEventId(errand.message().id())
                .setAttempt(attempt)
                .setStatus(detail == null ? "DELIVERED" : "FAILED")
                .setDetail(detail)
                .setNextAttemptAt(again)
                .setAt(at)
                .build());
        health = detail == null ? health.delivered(at) : health.failed(detail);
        if (detail != null && again == null) {
            LOG.errorf(
                    "Channel %s gave up a step of an alert after %d attempts, step %s: %s",
                    channel.name(), attempt, errand.message().state(), detail);
        }
        TreeMap<Long, Errand> open = round(errand.partition()).open;
        if (again == null) {
            open.remove(errand.offset());
        } else {
            open.put(
                    errand.offset(), new Errand(errand.partition(), errand.offset(), errand.message(), attempt, again));
        }
    }

    private void commit(KafkaConsumer<String, SpecificRecord> consumer) {
        Map<TopicPartition, OffsetAndMetadata> done = new HashMap<>();
        rounds.forEach((partition, round) -> {
            if (round.done() > round.committed) {
                done.put(partition, new OffsetAndMetadata(round.done()));
            }
        });
        if (!done.isEmpty()) {
            consumer.commitSync(done);
            done.forEach((partition, offset) -> round(partition).committed = offset.offset());
        }
    }

    private Instant now() {
        return setting.clock().instant().truncatedTo(ChronoUnit.MILLIS);
    }

    /** Partitions come and go. */
    private final class Handover implements ConsumerRebalanceListener {
        private final KafkaConsumer<String, SpecificRecord> consumer;

        Handover(KafkaConsumer<String, SpecificRecord> consumer) {
            this.consumer = consumer;
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            partitions.forEach(rounds::remove);
        }

        /** A channel's first start: it tells what comes from now on, not everything that ever was. */
        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            past.forget();
            partitions.forEach(rounds::remove);
            Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(new HashSet<>(partitions));
            Set<TopicPartition> fresh = partitions.stream()
                    .filter(each -> committed.get(each) == null)
                    .collect(Collectors.toSet());
            if (fresh.isEmpty()) {
                return;
            }
            long from = startedAt.minus(BEFORE_FIRST_START).toEpochMilli();
            Map<TopicPartition, Long> ends = consumer.endOffsets(fresh);
            Map<TopicPartition, OffsetAndTimestamp> places =
                    consumer.offsetsForTimes(fresh.stream().collect(Collectors.toMap(each -> each, each -> from)));
            Map<TopicPartition, OffsetAndMetadata> begin = new HashMap<>();
            for (TopicPartition partition : fresh) {
                OffsetAndTimestamp place = places.get(partition);
                long offset = place == null ? ends.getOrDefault(partition, 0L) : place.offset();
                consumer.seek(partition, offset);
                begin.put(partition, new OffsetAndMetadata(offset));
            }
            consumer.commitSync(begin);
        }
    }

    @Override
    public void close() {
        closed = true;
        KafkaConsumer<String, SpecificRecord> consumer = reading;
        if (consumer != null) {
            consumer.wakeup();
        }
        try {
            if (!thread.join(BETWEEN_TRIES)) {
                // It waits for a channel's answer.
                thread.interrupt();
                thread.join(BETWEEN_TRIES);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
