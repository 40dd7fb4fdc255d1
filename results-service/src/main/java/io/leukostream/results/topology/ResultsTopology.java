package io.leukostream.results.topology;

import io.leukostream.events.AlertAcknowledgement;
import io.leukostream.events.AlertDelivery;
import io.leukostream.events.CellReview;
import io.leukostream.events.ImageClassified;
import io.leukostream.events.ImageReceipt;
import io.leukostream.events.ImageRejected;
import io.leukostream.events.SpecimenRegistered;
import io.leukostream.results.domain.SubjectRegions;
import io.leukostream.schemas.Topic;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.avro.specific.SpecificRecord;
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
 * <p>An image costs the bytes of its own entry and of its specimen's sums, never of its specimen's other images. The sums
 * stand in a cached store, so that a burst of images is assessed and told once a commit, not once an image. Nothing here
 * looks at a clock but the escalation, which asks Streams for the wall clock.
 */
public final class ResultsTopology {
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

        KStream<String, SpecimenChange> registered = ResultsTopology.<SpecimenRegistered>source(
                        builder, Topic.SPECIMENS, events)
                .mapValues(
                        record -> new SpecimenChange.Registered(DomainValues.registration(record)),
                        Named.as("register-specimen"));
        KStream<String, SpecimenChange> received = ResultsTopology.<ImageReceipt>source(
                        builder, Topic.IMAGE_RECEIPTS, events)
                .processValues(
                        () -> new ImageRecorder<>(ImageReceipt::getImageId, ImageEntry::with),
                        Named.as("record-receipt"),
                        Stores.IMAGES,
                        Stores.PENDING,
                        Stores.ACCOUNTS);
        KStream<String, SpecimenChange> classified = ResultsTopology.<ImageClassified>source(
                        builder, Topic.CELL_CLASSIFICATIONS, events)
                .processValues(
                        () -> new ImageRecorder<>(ImageClassified::getImageId, ImageEntry::with),
                        Named.as("record-classification"),
                        Stores.IMAGES,
                        Stores.PENDING,
                        Stores.ACCOUNTS);
        KStream<String, SpecimenChange> rejected = ResultsTopology.<ImageRejected>source(
                        builder, Topic.IMAGE_REJECTIONS, events)
                .processValues(
                        () -> new ImageRecorder<>(ImageRejected::getImageId, ImageEntry::with),
                        Named.as("record-rejection"),
                        Stores.IMAGES,
                        Stores.PENDING,
                        Stores.ACCOUNTS);
        KStream<String, SpecimenChange> reviewed = ResultsTopology.<CellReview>source(
                        builder, Topic.CELL_REVIEWS, events)
                .processValues(ReviewRecorder::new, Named.as("record-review"), Stores.REVIEWS);

        KStream<String, SpecimenChange> imaged = received.merge(classified, Named.as("with-classifications"))
                .merge(rejected, Named.as("with-rejections"));
        imaged.process(ScannerKeeper::new, Named.as("keep-scanner"), Stores.SCANNER_DAYS);

        SubjectRegions regions = new SubjectRegions();
        KStream<String, PatientInput> assessed = registered
                .merge(imaged, Named.as("with-images"))
                .merge(reviewed, Named.as("with-reviews"))
                .groupByKey(Grouped.as("by-specimen"))
                .aggregate(
                        () -> SpecimenSums.EMPTY,
                        (specimenId, change, sums) -> sums.with(change),
                        Named.as("tally"),
                        Materialized.<String, SpecimenSums>as(stores.apply(Stores.TALLIES))
                                .withKeySerde(keys)
                                .withValueSerde(serdes.of(Stores.TALLIES))
                                .withCachingEnabled())
                .toStream(Named.as("tallied"))
                .process(
                        () -> new SpecimenAssessor(settings.policy(), regions),
                        Named.as("assess"),
                        Stores.ASSESSMENTS,
                        Stores.IMAGES,
                        Stores.REVIEWS)
                .repartition(Repartitioned.<String, PatientInput>as("by-patient")
                        .withKeySerde(keys)
                        .withValueSerde(new JsonSerde<>(PatientInput.class)));

        KStream<String, PatientInput> acknowledged = ResultsTopology.<AlertAcknowledgement>source(
                        builder, Topic.ALERT_ACKNOWLEDGEMENTS, events)
                .flatMapValues(record -> DomainValues.act(record).stream().toList(), Named.as("read-acknowledgement"));
        KStream<String, PatientInput> delivered = ResultsTopology.<AlertDelivery>source(
                        builder, Topic.ALERT_DELIVERIES, events)
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

    private static <V extends SpecificRecord> KStream<String, V> source(
            StreamsBuilder builder, Topic topic, EventSerdes events) {
        return builder.stream(
                topic.topicName(),
                Consumed.<String, V>with(Serdes.String(), events.of(topic)).withName("read-" + topic.topicName()));
    }

    private static <V extends SpecificRecord> Produced<String, V> sink(Topic topic, EventSerdes events) {
        return Produced.<String, V>with(Serdes.String(), events.of(topic)).withName("write-" + topic.topicName());
    }
}
