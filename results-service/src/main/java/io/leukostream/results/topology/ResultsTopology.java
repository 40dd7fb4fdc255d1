package io.leukostream.results.topology;

import io.leukostream.events.AlertAcknowledgement;
import io.leukostream.events.AlertDelivery;
import io.leukostream.events.CellReview;
import io.leukostream.events.ImageClassified;
import io.leukostream.events.ImageReceipt;
import io.leukostream.events.ImageRejected;
import io.leukostream.events.RecordRejected;
import io.leukostream.events.SpecimenRegistered;
import io.leukostream.results.domain.SubjectRegions;
import io.leukostream.schemas.Topic;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyConfig;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;

/**
 * From outcomes to verdicts and alerts.
 *
 * <pre>
 * specimens ────────────┐
 * image.receipts ──┐    │  ┌► scanner days, accounts
 * cell.classific… ─┼ images ┐
 * image.rejections ┘    ├──┴─► tallies ─► assess ─(by patient)─► patients ─► patient.verdicts
 * cell.reviews ─ reviews┘                            ▲                   ├─► hematology.alerts
 *                     alert.acknowledgements, .deliveries                └─► patient.audit
 * </pre>
 *
 * <p>Each source is read by a {@link GuardedRead}; what it cannot use goes to {@code results.rejected} and no further.
 *
 * <p>An image costs the bytes of its own entry and of its specimen's sums, never of its specimen's other images. That a
 * specimen changed stands in a cached store, so that a burst of images is assessed and told once a commit, not once an
 * image. Nothing here looks at a clock but the escalation and the assessing anew after a change of policy, which ask
 * Streams for the wall clock.
 */
public final class ResultsTopology {
    private static final JsonSerde<PatientInput> INPUTS = new JsonSerde<>(PatientInput.class);

    private ResultsTopology() {}

    /** Builds the topology; every operator, store and internal topic has a name of its own. */
    public static Topology build(TopologySettings settings, EventSerdes events) {
        return build(settings, events, org.apache.kafka.streams.state.Stores::persistentKeyValueStore);
    }

    /** The same on stores of another make: a test that commits with each record has no use for a disk. */
    static Topology build(
            TopologySettings settings, EventSerdes events, Function<String, KeyValueBytesStoreSupplier> stores) {
        StreamsBuilder builder = new StreamsBuilder(new TopologyConfig(new StreamsConfig(Map.of(
                StreamsConfig.APPLICATION_ID_CONFIG, "results",
                StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "none:0",
                StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true))));
        Serde<String> keys = Serdes.String();
        StoreSerdes serdes = new StoreSerdes(events);
        for (String name : List.of(
                Stores.IMAGES,
                Stores.PENDING,
                Stores.REVIEWS,
                Stores.ASSESSMENTS,
                Stores.PATIENTS,
                Stores.ALERTS,
                Stores.DUE,
                Stores.EARLY,
                Stores.DELIVERIES,
                Stores.AUDIT)) {
            builder.addStateStore(store(stores, name, serdes.of(name)));
        }
        for (String name : List.of(Stores.SCANNER_DAYS, Stores.ACCOUNTS)) {
            builder.addStateStore(store(stores, name, serdes.of(name)).withCachingEnabled());
        }

        builder.addStateStore(org.apache.kafka.streams.state.Stores.timestampedKeyValueStoreBuilder(
                        stores.apply(Stores.TALLIES), keys, serdes.<SpecimenSums>of(Stores.TALLIES))
                .withCachingEnabled());

        Sources sources = new Sources(builder, events, settings.observer());
        KStream<String, SpecimenChange> registered = sources.read(
                        Topic.SPECIMENS, SpecimenRegistered.class, RecordChecks::specimen)
                .mapValues(
                        record -> new SpecimenChange.Registered(DomainValues.registration(record)),
                        Named.as("register-specimen"));
        KStream<String, SpecimenChange> received = sources.read(
                        Topic.IMAGE_RECEIPTS, ImageReceipt.class, RecordChecks::receipt)
                .processValues(
                        () -> new ImageRecorder<>(ImageReceipt::getImageId, ImageEntry::with),
                        Named.as("record-receipt"),
                        Stores.IMAGES,
                        Stores.PENDING,
                        Stores.ACCOUNTS);
        KStream<String, SpecimenChange> classified = sources.read(
                        Topic.CELL_CLASSIFICATIONS, ImageClassified.class, RecordChecks::classified)
                .processValues(
                        () -> new ImageRecorder<>(ImageClassified::getImageId, ImageEntry::with),
                        Named.as("record-classification"),
                        Stores.IMAGES,
                        Stores.PENDING,
                        Stores.ACCOUNTS);
        KStream<String, SpecimenChange> rejected = sources.read(
                        Topic.IMAGE_REJECTIONS, ImageRejected.class, RecordChecks::rejected)
                .processValues(
                        () -> new ImageRecorder<>(ImageRejected::getImageId, ImageEntry::with),
                        Named.as("record-rejection"),
                        Stores.IMAGES,
                        Stores.PENDING,
                        Stores.ACCOUNTS);
        KStream<String, SpecimenChange> reviewed = sources.read(
                        Topic.CELL_REVIEWS, CellReview.class, RecordChecks::review)
                .processValues(ReviewRecorder::new, Named.as("record-review"), Stores.REVIEWS);

        KStream<String, SpecimenChange> imaged = received.merge(classified, Named.as("with-classifications"))
                .merge(rejected, Named.as("with-rejections"));
        imaged.process(ScannerKeeper::new, Named.as("keep-scanner"), Stores.SCANNER_DAYS);

        SubjectRegions regions = new SubjectRegions();
        KStream<String, byte[]> rekeyed = registered
                .merge(imaged, Named.as("with-images"))
                .merge(reviewed, Named.as("with-reviews"))
                .processValues(SpecimenTallier::new, Named.as("tally"), Stores.TALLIES, Stores.IMAGES)
                .groupByKey(Grouped.as("by-specimen"))
                .reduce(
                        (before, now) -> now,
                        Named.as("note-change"),
                        Materialized.<String, Long>as(stores.apply(Stores.CHANGED))
                                .withKeySerde(keys)
                                .withValueSerde(Serdes.Long())
                                .withCachingEnabled())
                .toStream(Named.as("changed"))
                .process(
                        () -> new SpecimenAssessor(settings.policy(), regions, settings.observer()),
                        Named.as("assess"),
                        Stores.TALLIES,
                        Stores.ASSESSMENTS,
                        Stores.IMAGES,
                        Stores.REVIEWS)
                .mapValues(input -> INPUTS.serializer().serialize("by-patient", input), Named.as("write-input"))
                .repartition(Repartitioned.<String, byte[]>as("by-patient")
                        .withKeySerde(keys)
                        .withValueSerde(Serdes.ByteArray()));
        KStream<String, PatientInput> assessed =
                sources.read("by-patient", rekeyed, PatientInput.class, INPUTS.deserializer(), RecordChecks::input);

        KStream<String, PatientInput> acknowledged = sources.read(
                        Topic.ALERT_ACKNOWLEDGEMENTS, AlertAcknowledgement.class, RecordChecks::acknowledgement)
                .flatMapValues(record -> DomainValues.act(record).stream().toList(), Named.as("read-acknowledgement"));
        KStream<String, PatientInput> delivered = sources.read(
                        Topic.ALERT_DELIVERIES, AlertDelivery.class, RecordChecks::delivery)
                .mapValues(DomainValues::delivery, Named.as("read-delivery"));

        KStream<String, PatientOutput> told = assessed.merge(acknowledged, Named.as("with-acknowledgements"))
                .merge(delivered, Named.as("with-deliveries"))
                .process(
                        () -> new PatientKeeper(
                                settings.policy(), settings.alerts(), settings.escalationCheck(), settings.siteKey()),
                        Named.as("keep-patient"),
                        Stores.PATIENTS,
                        Stores.ALERTS,
                        Stores.DUE,
                        Stores.EARLY,
                        Stores.DELIVERIES,
                        Stores.AUDIT);
        told.flatMapValues(
                        output ->
                                output instanceof PatientOutput.Verdict verdict ? List.of(verdict.record()) : List.of(),
                        Named.as("select-verdicts"))
                .to(Topic.PATIENT_VERDICTS.topicName(), sink(Topic.PATIENT_VERDICTS, events));
        told.flatMapValues(
                        output -> output instanceof PatientOutput.AlertStep step ? List.of(step.record()) : List.of(),
                        Named.as("select-alerts"))
                .to(Topic.HEMATOLOGY_ALERTS.topicName(), sink(Topic.HEMATOLOGY_ALERTS, events));
        told.flatMapValues(
                        output -> output instanceof PatientOutput.Audit audit ? List.of(audit.record()) : List.of(),
                        Named.as("select-audit"))
                .to(Topic.PATIENT_AUDIT.topicName(), sink(Topic.PATIENT_AUDIT, events));
        return builder.build();
    }

    private static <V> StoreBuilder<KeyValueStore<String, V>> store(
            Function<String, KeyValueBytesStoreSupplier> stores, String name, Serde<V> values) {
        return org.apache.kafka.streams.state.Stores.keyValueStoreBuilder(stores.apply(name), Serdes.String(), values);
    }

    private static <V extends SpecificRecord> Produced<String, V> sink(Topic topic, EventSerdes events) {
        return Produced.<String, V>with(Serdes.String(), events.of(topic)).withName("write-" + topic.topicName());
    }

    /** Reads topics by guarded steps; each has a sink of its own for what it cannot use, since a part may not reach into another. */
    private record Sources(StreamsBuilder builder, EventSerdes events, TopologyObserver observer) {
        <V extends SpecificRecord> KStream<String, V> read(Topic topic, Class<V> type, GuardedRead.Check<V> check) {
            KStream<String, byte[]> bytes = builder.stream(
                    topic.topicName(),
                    Consumed.with(Serdes.String(), Serdes.ByteArray()).withName("read-" + topic.topicName()));
            return read(topic.topicName(), bytes, type, events.<V>of(topic).deserializer(), check);
        }

        <V> KStream<String, V> read(
                String name,
                KStream<String, byte[]> bytes,
                Class<V> type,
                Deserializer<V> values,
                GuardedRead.Check<V> check) {
            KStream<String, ReadRecord<V>> read = bytes.processValues(
                    () -> new GuardedRead<>(type, values, check, observer), Named.as("guard-" + name));
            read.flatMapValues(
                            each -> each instanceof ReadRecord.Unusable<V>(RecordRejected rejection)
                                    ? List.of(rejection)
                                    : List.<RecordRejected>of(),
                            Named.as("unusable-of-" + name))
                    .to(
                            Topic.RESULTS_REJECTED.topicName(),
                            Produced.<String, RecordRejected>with(Serdes.String(), events.of(Topic.RESULTS_REJECTED))
                                    .withName("reject-of-" + name));
            return read.flatMapValues(
                    each -> each instanceof ReadRecord.Usable<V>(V value) ? List.of(value) : List.<V>of(),
                    Named.as("usable-of-" + name));
        }
    }
}
