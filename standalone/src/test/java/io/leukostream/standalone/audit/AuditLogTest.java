package io.leukostream.standalone.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.apicurio.registry.serde.avro.AvroKafkaSerializer;
import io.leukostream.embedded.EmbeddedPlatform;
import io.leukostream.events.PatientAudit;
import io.leukostream.schemas.Topic;
import io.leukostream.schemas.WireFormat;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real broker's topic in which somebody who may write and delete, but has not the site's key, does so. */
class AuditLogTest {
    private static final String TOPIC = Topic.PATIENT_AUDIT.topicName();

    @TempDir
    Path folder;

    @Test
    void whatWasPublishedOrDeletedBehindTheServicesBackIsNamedByItsPlace() throws Exception {
        try (EmbeddedPlatform platform = EmbeddedPlatform.start(folder)) {
            // Given
            SignedChain site = new SignedChain();
            List<Link> links = site.links(4);
            AuditLog log = new AuditLog(platform.bootstrapServers(), platform.registryUrl());
            ChainCheck check = new ChainCheck(site.keys());
            AvroKafkaSerializer<Object> avro = new AvroKafkaSerializer<>();
            avro.configure(WireFormat.settings(platform.registryUrl()), false);
            try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
                    Map.of("bootstrap.servers", platform.bootstrapServers()),
                    new StringSerializer(),
                    new ByteArraySerializer())) {
                for (Link link : links) {
                    send(producer, avro.serialize(TOPIC, record(link)));
                }
                VerifiedChain sound = checked(log, check, List.of());

                // When
                Link forged = SignedChain.hashed(SignedChain.withActor(links.get(2), "Dr Eve"));
                RecordMetadata fork = send(producer, avro.serialize(TOPIC, record(forged)));
                RecordMetadata noise = send(producer, "no link".getBytes(StandardCharsets.UTF_8));
                VerifiedChain forked = checked(log, check, List.of());
                delete(platform, fork.partition(), 2);
                VerifiedChain cut = checked(log, check, List.of(links.getFirst().head()));

                // Then
                assertTrue(sound.isSound(), sound.findings().toString());
                assertEquals(links, sound.links());
                assertEquals(
                        List.of(
                                "READABLE 0 at " + noise.partition() + "/" + noise.offset(),
                                "NUMBER 3 at " + fork.partition() + "/" + fork.offset()),
                        said(forked));
                assertEquals(
                        List.of(
                                "READABLE 0 at " + noise.partition() + "/" + noise.offset(),
                                "NUMBER 1 at null/null",
                                "HEAD 1 at null/null",
                                "NUMBER 3 at " + fork.partition() + "/" + fork.offset()),
                        said(cut));
            }
        }
    }

    private static VerifiedChain checked(AuditLog log, ChainCheck check, List<Head> heads) {
        return check.check(SignedChain.PATIENT, log.read().get(SignedChain.PATIENT), heads);
    }

    private static List<String> said(VerifiedChain chain) {
        return chain.findings().stream()
                .map(finding -> finding.check() + " " + finding.number() + " at " + finding.partition() + "/"
                        + finding.offset())
                .toList();
    }

    private static RecordMetadata send(KafkaProducer<String, byte[]> producer, byte[] value) throws Exception {
        return producer.send(new ProducerRecord<>(TOPIC, SignedChain.PATIENT, value))
                .get();
    }

    private static void delete(EmbeddedPlatform platform, int partition, long before) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", platform.bootstrapServers()))) {
            admin.deleteRecords(Map.of(new TopicPartition(TOPIC, partition), RecordsToDelete.beforeOffset(before)))
                    .all()
                    .get();
        }
    }

    private static PatientAudit record(Link link) {
        return PatientAudit.newBuilder()
                .setPatientId(link.patientId())
                .setNumber(link.number())
                .setEvent(link.event())
                .setActor(link.actor())
                .setDetail(link.detail())
                .setAt(link.at())
                .setPreviousHash(link.previousHash())
                .setHash(link.hash())
                .setSignature(link.signature())
                .setKeyId(link.keyId())
                .build();
    }
}
