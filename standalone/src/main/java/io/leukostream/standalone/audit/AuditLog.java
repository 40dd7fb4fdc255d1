package io.leukostream.standalone.audit;

import io.apicurio.registry.serde.avro.AvroKafkaDeserializer;
import io.leukostream.events.PatientAudit;
import io.leukostream.schemas.Topic;
import io.leukostream.schemas.WireFormat;
import io.leukostream.standalone.topics.TopicWalk;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads the topic of the audit. */
public final class AuditLog {
    /** Stands for whatever has no key. */
    private static final String NOBODY = "";

    private final String bootstrapServers;
    private final String registryUrl;

    /** The audit of the system behind these addresses. */
    public AuditLog(String bootstrapServers, String registryUrl) {
        this.bootstrapServers = bootstrapServers;
        this.registryUrl = registryUrl;
    }

    /**
     * All records by patient, in the order of the log. A record that is no link stands under its key.
     *
     * @throws IllegalStateException if the broker does not answer
     */
    public Map<String, List<FoundRecord>> read() {
        Map<String, List<FoundRecord>> byPatient = new TreeMap<>();
        try (AvroKafkaDeserializer<Object> avro = new AvroKafkaDeserializer<>()) {
            avro.configure(WireFormat.settings(registryUrl), false);
            new TopicWalk(bootstrapServers).over(List.of(Topic.PATIENT_AUDIT), new ByteArrayDeserializer(), record -> {
                FoundRecord found = found(avro, record);
                Link link = found.link();
                String key = found.key();
                String patientId = link != null ? link.patientId() : key == null ? NOBODY : key;
                byPatient.computeIfAbsent(patientId, id -> new ArrayList<>()).add(found);
            });
        }
        return byPatient;
    }

    private static FoundRecord found(AvroKafkaDeserializer<Object> avro, ConsumerRecord<String, byte[]> record) {
        Object value;
        try {
            value = record.value() == null ? null : avro.deserialize(record.topic(), record.value());
        } catch (RuntimeException e) {
            return none(record, "its value cannot be read (" + e.getMessage() + ")");
        }
        return value instanceof PatientAudit audit
                ? FoundRecord.of(
                        record.partition(),
                        record.offset(),
                        record.key(),
                        new Link(
                                audit.getPatientId(),
                                audit.getNumber(),
                                audit.getEvent(),
                                audit.getActor(),
                                audit.getDetail(),
                                audit.getAt(),
                                audit.getPreviousHash(),
                                audit.getHash(),
                                audit.getSignature(),
                                audit.getKeyId()))
                : none(
                        record,
                        value == null
                                ? "it has no value"
                                : "its value is a " + value.getClass().getSimpleName());
    }

    private static FoundRecord none(ConsumerRecord<String, byte[]> record, String defect) {
        return new FoundRecord(record.partition(), record.offset(), record.key(), null, defect);
    }
}
