package io.leukostream.schemas;

import static io.leukostream.schemas.Topic.Compatibility.BACKWARD_TRANSITIVE;
import static io.leukostream.schemas.Topic.Compatibility.FULL_TRANSITIVE;
import static io.leukostream.schemas.Topic.Retention.COMPACTED;
import static io.leukostream.schemas.Topic.Retention.UNLIMITED;

import io.leukostream.events.AlertAcknowledgement;
import io.leukostream.events.AlertDelivery;
import io.leukostream.events.AlertEvent;
import io.leukostream.events.CellReview;
import io.leukostream.events.ImageClassified;
import io.leukostream.events.ImageEvidence;
import io.leukostream.events.ImageReceipt;
import io.leukostream.events.ImageRejected;
import io.leukostream.events.PatientAudit;
import io.leukostream.events.PatientVerdict;
import io.leukostream.events.RecordRejected;
import io.leukostream.events.SmearImage;
import io.leukostream.events.SpecimenRegistered;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.avro.Schema;

/**
 * The topics, with the schema of their values, their default partitions and how long they are kept. Keys are UTF-8
 * strings, partitioned with Java's murmur2.
 */
public enum Topic {
    SPECIMENS("specimens", SpecimenRegistered.getClassSchema(), 12, COMPACTED, BACKWARD_TRANSITIVE, false),
    SMEAR_IMAGES("smear.images", SmearImage.getClassSchema(), 12, Retention.ofDays(7), BACKWARD_TRANSITIVE, true),
    SMEAR_IMAGES_STAT(
            "smear.images.stat", SmearImage.getClassSchema(), 3, Retention.ofDays(7), BACKWARD_TRANSITIVE, true),
    IMAGE_RECEIPTS(
            "image.receipts", ImageReceipt.getClassSchema(), 12, Retention.ofDays(365), BACKWARD_TRANSITIVE, false),
    CELL_CLASSIFICATIONS(
            "cell.classifications", ImageClassified.getClassSchema(), 12, Retention.ofDays(365), FULL_TRANSITIVE, true),
    CELL_CLASSIFICATIONS_SHADOW(
            "cell.classifications.shadow",
            ImageClassified.getClassSchema(),
            12,
            Retention.ofDays(30),
            FULL_TRANSITIVE,
            true),
    IMAGE_EVIDENCE(
            "image.evidence", ImageEvidence.getClassSchema(), 12, Retention.ofDays(365), BACKWARD_TRANSITIVE, true),
    IMAGE_REJECTIONS(
            "image.rejections", ImageRejected.getClassSchema(), 12, Retention.ofDays(365), FULL_TRANSITIVE, false),
    CELL_REVIEWS("cell.reviews", CellReview.getClassSchema(), 12, UNLIMITED, BACKWARD_TRANSITIVE, true),
    PATIENT_VERDICTS("patient.verdicts", PatientVerdict.getClassSchema(), 12, COMPACTED, FULL_TRANSITIVE, false),
    PATIENT_AUDIT("patient.audit", PatientAudit.getClassSchema(), 12, UNLIMITED, BACKWARD_TRANSITIVE, false),
    HEMATOLOGY_ALERTS("hematology.alerts", AlertEvent.getClassSchema(), 12, UNLIMITED, FULL_TRANSITIVE, false),
    ALERT_ACKNOWLEDGEMENTS(
            "alert.acknowledgements", AlertAcknowledgement.getClassSchema(), 12, UNLIMITED, BACKWARD_TRANSITIVE, false),
    ALERT_DELIVERIES("alert.deliveries", AlertDelivery.getClassSchema(), 12, UNLIMITED, BACKWARD_TRANSITIVE, false),
    RESULTS_REJECTED(
            "results.rejected", RecordRejected.getClassSchema(), 3, Retention.ofDays(365), BACKWARD_TRANSITIVE, false);

    /** The rule that the registry holds a new version of a schema to. */
    public enum Compatibility {
        /** Old and new readers read old and new records: for all that outsiders consume. */
        FULL_TRANSITIVE,
        /** New readers read all old records. */
        BACKWARD_TRANSITIVE
    }

    /**
     * How long records are kept.
     *
     * @param compacted whether only the newest record of each key is kept, for ever
     * @param time how long a record of a topic that is not compacted is kept; negative means for ever
     */
    public record Retention(boolean compacted, Duration time) {
        static final Retention COMPACTED = new Retention(true, Duration.ofMillis(-1));
        static final Retention UNLIMITED = new Retention(false, Duration.ofMillis(-1));

        static Retention ofDays(int days) {
            return new Retention(false, Duration.ofDays(days));
        }
    }

    private static final int COMPACTED_SEGMENT_BYTES = 8 << 20;

    private final String topicName;
    private final Schema valueSchema;
    private final int partitions;
    private final Retention retention;
    private final Compatibility compatibility;
    private final boolean large;

    Topic(
            String topicName,
            Schema valueSchema,
            int partitions,
            Retention retention,
            Compatibility compatibility,
            boolean large) {
        this.topicName = topicName;
        this.valueSchema = valueSchema;
        this.partitions = partitions;
        this.retention = retention;
        this.compatibility = compatibility;
        this.large = large;
    }

    /** The name in Kafka. */
    public String topicName() {
        return topicName;
    }

    /** The schema of the values as this version writes them. */
    public Schema valueSchema() {
        return valueSchema;
    }

    /** The default number of partitions. */
    public int partitions() {
        return partitions;
    }

    /** How long records are kept. */
    public Retention retention() {
        return retention;
    }

    /** The rule for a new version of the schema. */
    public Compatibility compatibility() {
        return compatibility;
    }

    /** The registry's artifact id: the topic's name with {@code -value}. */
    public String subject() {
        return topicName + "-value";
    }

    /**
     * The topic's settings as Kafka names them.
     *
     * @param limit the limit on image bytes, from which the largest record is derived
     */
    public Map<String, String> settings(ImageLimit limit) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("cleanup.policy", retention.compacted() ? "compact" : "delete");
        if (!retention.compacted()) {
            settings.put("retention.ms", Long.toString(retention.time().toMillis()));
            settings.put("retention.bytes", "-1");
        } else {
            // The newest segment is never compacted: small ones keep short what a reader of the whole topic has to
            // read.
            settings.put("segment.bytes", Integer.toString(COMPACTED_SEGMENT_BYTES));
        }
        // How long a record is kept goes by the broker's clock: a sender's may be wrong by days.
        settings.put("message.timestamp.type", "LogAppendTime");
        if (large) {
            settings.put("max.message.bytes", Integer.toString(limit.maxRecordBytes()));
        }
        return settings;
    }
}
