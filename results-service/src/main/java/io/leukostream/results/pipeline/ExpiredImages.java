package io.leukostream.results.pipeline;

import io.leukostream.events.Coordinates;
import io.leukostream.events.ImageReceipt;
import io.leukostream.events.ImageRejected;
import io.leukostream.results.topology.ResultsStores;
import io.leukostream.results.topology.StoresNotReady;
import io.leukostream.schemas.Topic;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

/**
 * Ends images whose bytes the log no longer holds and that have no outcome: as {@code EXPIRED}, so that each image ends as
 * exactly one outcome. It is one of the image's last attempt, and the least that there can be of that: an outcome that
 * inference wrote and this service has not read yet counts before it, and so does a further attempt. So it does no harm that
 * every instance looks, and looks again.
 */
public final class ExpiredImages implements AutoCloseable {
    /** The reason of the outcome. */
    public static final String REASON = "EXPIRED";

    private static final Logger LOG = Logger.getLogger(ExpiredImages.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final List<String> IMAGE_TOPICS =
            List.of(Topic.SMEAR_IMAGES.topicName(), Topic.SMEAR_IMAGES_STAT.topicName());

    /** How many receipts are held in memory at once. */
    private static final int SLICE = 1_000;

    /** Below every bundle's version. */
    private static final String NO_VERSION = "0.0.0";

    private static final String NO_BUNDLE = "0".repeat(64);

    private final ResultsStores stores;
    private final Admin admin;
    private final Consumer<ImageRejected> outcomes;
    private final Clock clock;
    private final Duration interval;
    private final ScheduledExecutorService looker = Executors.newSingleThreadScheduledExecutor(
            Thread.ofVirtual().name("expired-images").factory());

    /**
     * A watch over these stores; {@link #start} starts it.
     *
     * @param outcomes where an outcome is written; returns when it is in the log
     */
    public ExpiredImages(
            ResultsStores stores,
            String bootstrapServers,
            Consumer<ImageRejected> outcomes,
            Clock clock,
            Duration interval) {
        this.stores = stores;
        this.admin = Admin.create(Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                AdminClientConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG,
                1_000));
        this.outcomes = outcomes;
        this.clock = clock;
        this.interval = interval;
    }

    /** Looks every interval; returns at once. */
    public void start() {
        var _ = looker.scheduleWithFixedDelay(
                this::look, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void look() {
        try {
            List<String> pending = stores.pending().entrySet().stream()
                    .sorted(Map.Entry.comparingByValue())
                    .map(Map.Entry::getKey)
                    .toList();
            // All of them: a place that a receipt invented never expires, and must not hide a younger image that did.
            for (int from = 0; from < pending.size(); from += SLICE) {
                end(pending.subList(from, Math.min(from + SLICE, pending.size())));
            }
        } catch (StoresNotReady | ExecutionException | TimeoutException e) {
            LOG.debugf("Expired images are not known now: %s", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            // An executor would drop the task for ever and say nothing.
            LOG.error("Expired images cannot be ended", e);
        }
    }

    private void end(List<String> imageIds) throws InterruptedException, ExecutionException, TimeoutException {
        List<ImageReceipt> receipts = new ArrayList<>();
        stores.images(imageIds).values().forEach(entry -> {
            ImageReceipt receipt = entry.receipt();
            if (receipt != null && entry.state().outcome() == null) {
                receipts.add(receipt);
            }
        });
        Map<TopicPartition, Long> begins = begins();
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        int ended = 0;
        for (ImageReceipt receipt : receipts) {
            Long begin = begins.get(partition(receipt.getImage()));
            if (begin != null && receipt.getImage().getOffset() < begin) {
                outcomes.accept(expired(receipt, now));
                ended++;
            }
        }
        if (ended > 0) {
            LOG.errorf(
                    "%d images expired in the log before inference saw them: scan them again, or see why it stood still",
                    ended);
        }
    }

    /**
     * Where the log of each partition of the image topics begins. A place that a receipt invented is not among them, and the
     * broker is not asked for it: it would be asked again and again until the time for all is over.
     */
    private Map<TopicPartition, Long> begins() throws InterruptedException, ExecutionException, TimeoutException {
        Map<TopicPartition, OffsetSpec> partitions = new HashMap<>();
        told(admin.describeTopics(IMAGE_TOPICS).allTopicNames())
                .forEach((topic, description) -> description
                        .partitions()
                        .forEach(each ->
                                partitions.put(new TopicPartition(topic, each.partition()), OffsetSpec.earliest())));
        Map<TopicPartition, Long> begins = new HashMap<>();
        told(admin.listOffsets(partitions).all()).forEach((partition, begin) -> begins.put(partition, begin.offset()));
        return begins;
    }

    private static <T> T told(KafkaFuture<T> answer) throws InterruptedException, ExecutionException, TimeoutException {
        return answer.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static TopicPartition partition(Coordinates at) {
        return new TopicPartition(at.getTopic(), at.getPartition());
    }

    private static ImageRejected expired(ImageReceipt receipt, Instant now) {
        return ImageRejected.newBuilder()
                .setImageId(receipt.getImageId())
                .setSpecimenId(receipt.getSpecimenId())
                .setAttempt(receipt.getAttempt())
                .setReason(REASON)
                .setDetail("The log's retention was over before the image was looked at.")
                .setModelVersion(NO_VERSION)
                .setBundleSha256(NO_BUNDLE)
                .setSource(receipt.getImage())
                .setPriority(receipt.getPriority())
                .setScanner(receipt.getScanner())
                .setReceivedAt(receipt.getReceivedAt())
                .setRejectedAt(now)
                .build();
    }

    @Override
    public void close() {
        looker.shutdownNow();
        admin.close(TIMEOUT);
    }
}
