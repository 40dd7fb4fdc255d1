package io.leukostream.results.worklist;

import io.leukostream.events.AlertEvent;
import io.leukostream.events.PatientVerdict;
import io.leukostream.results.topology.LogFollower;
import io.leukostream.schemas.Topic;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.jboss.logging.Logger;

/** Tells the worklist all verdicts and alerts from the first to the newest, and then those that come. */
public final class WorklistFeed implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(WorklistFeed.class);

    private final Worklist worklist;
    private final LogFollower follower;

    /** Tells this worklist what it reads. */
    public WorklistFeed(String bootstrapServers, Deserializer<SpecificRecord> values, Worklist worklist) {
        this.worklist = worklist;
        this.follower = new LogFollower(
                "worklist-feed",
                bootstrapServers,
                List.of(Topic.PATIENT_VERDICTS, Topic.HEMATOLOGY_ALERTS),
                LogFollower.From.BEGINNING,
                values,
                this::tell,
                this::complete);
    }

    /** Begins; returns at once. */
    public void start() {
        follower.start();
    }

    private void complete() {
        worklist.completed();
        LOG.info("The worklist has been read in");
    }

    private void tell(ConsumerRecord<String, SpecificRecord> record) {
        try {
            switch (record.value()) {
                case PatientVerdict verdict -> worklist.told(verdict);
                case AlertEvent step -> worklist.told(step);
                case null -> LOG.debugf("The worklist passes over an empty record of %s", record.topic());
                default ->
                    LOG.warnf(
                            "The worklist knows no record %s",
                            record.value().getSchema().getName());
            }
        } catch (IllegalArgumentException e) {
            LOG.warnf(
                    "The worklist skips a record that this version does not know, topic %s, partition %d, offset %d: %s",
                    record.topic(), record.partition(), record.offset(), e.getMessage());
        }
    }

    @Override
    public void close() {
        follower.close();
    }
}
