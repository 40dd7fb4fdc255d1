package io.leukostream.results.stream;

import io.leukostream.events.AlertDelivery;
import io.leukostream.events.AlertEvent;
import io.leukostream.events.ImageClassified;
import io.leukostream.events.ImageRejected;
import io.leukostream.events.PatientVerdict;
import io.leukostream.results.pipeline.RecentOutcomes;
import io.leukostream.results.stream.LiveEvent.Kind;
import io.leukostream.results.topology.LogFollower;
import io.leukostream.schemas.Topic;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Follows verdicts, alerts and outcomes from the end of their topics: every instance tells its own clients everything. */
public final class LiveFeed implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(LiveFeed.class);
    private static final List<Topic> TOPICS = List.of(
            Topic.PATIENT_VERDICTS,
            Topic.HEMATOLOGY_ALERTS,
            Topic.ALERT_DELIVERIES,
            Topic.CELL_CLASSIFICATIONS,
            Topic.IMAGE_REJECTIONS);

    private final LiveEvents events;
    private final RecentOutcomes outcomes;
    private final LogFollower follower;

    /** Tells these what it sees. */
    public LiveFeed(
            String bootstrapServers, Deserializer<SpecificRecord> values, LiveEvents events, RecentOutcomes outcomes) {
        this.events = events;
        this.outcomes = outcomes;
        this.follower = new LogFollower(
                "live-feed",
                bootstrapServers,
                TOPICS,
                LogFollower.From.END,
                values,
                record -> tell(record.value()),
                () -> LOG.debug("The live feed follows"));
    }

    /** Begins; returns at once. */
    public void start() {
        follower.start();
    }

    private void tell(@Nullable SpecificRecord record) {
        switch (record) {
            case PatientVerdict verdict -> events.append(Kind.VERDICT, verdict.getPatientId());
            case AlertEvent alert -> events.append(Kind.ALERT, alert.getAlertId());
            case AlertDelivery delivery -> events.append(Kind.DELIVERY, delivery.getAlertId());
            case ImageClassified outcome -> {
                outcomes.saw(outcome);
                events.append(Kind.OUTCOME, outcome.getImageId());
            }
            case ImageRejected outcome -> {
                outcomes.saw(outcome);
                events.append(Kind.OUTCOME, outcome.getImageId());
            }
            case null -> LOG.debug("The live feed passes over an empty record");
            default ->
                LOG.warnf("The live feed knows no record %s", record.getSchema().getName());
        }
    }

    @Override
    public void close() {
        follower.close();
    }
}
