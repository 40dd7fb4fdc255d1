package io.leukostream.results.topology;

import io.leukostream.events.CellReview;
import io.leukostream.results.domain.Alert;
import io.leukostream.results.domain.DeliveryHistory;
import io.leukostream.results.domain.ScannerDay;
import io.leukostream.results.domain.SignedLink;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * The questions that are asked of the stores of this instance. An id says which partition holds it, so that with several
 * instances the owner can be found before it is asked; with one instance everything is here.
 *
 * <p>Every method throws {@link StoresNotReady} while the stores cannot be asked.
 */
public final class ResultsStores {
    private final KafkaStreams streams;

    /** Asks the stores of a topology. */
    public ResultsStores(KafkaStreams streams) {
        this.streams = streams;
    }

    /** A patient; null where no evidence names one. */
    public @Nullable PatientState patient(String patientId) {
        return get(PatientState.class, Stores.PATIENTS, patientId);
    }

    /** All patients, in no order. */
    public List<PatientState> patients() {
        return this.<PatientState>all(Stores.PATIENTS).stream()
                .map(entry -> entry.value)
                .toList();
    }

    /** A specimen's assessment; null where none is registered. */
    public @Nullable SpecimenAssessment specimen(String specimenId) {
        return get(SpecimenAssessment.class, Stores.ASSESSMENTS, specimenId);
    }

    /** A specimen's sums; null where nothing names it. */
    public @Nullable SpecimenSums sums(String specimenId) {
        return get(SpecimenSums.class, Stores.TALLIES, specimenId);
    }

    /** Sums of all specimens by id, those that nobody registered too. */
    public Map<String, SpecimenSums> sums() {
        Map<String, SpecimenSums> sums = new TreeMap<>();
        this.<SpecimenSums>all(Stores.TALLIES).forEach(entry -> sums.put(entry.key, entry.value));
        return sums;
    }

    /** An image; null where neither receipt nor outcome names it. */
    public @Nullable ImageEntry image(String imageId) {
        return get(ImageEntry.class, Stores.IMAGES, imageId);
    }

    /** A specimen's images by id. */
    public Map<String, ImageEntry> images(String specimenId) {
        Map<String, ImageEntry> images = new TreeMap<>();
        this.<ImageEntry>prefixed(Stores.IMAGES, specimenId + ".").forEach(entry -> images.put(entry.key, entry.value));
        return images;
    }

    /** A specimen's review events. */
    public List<CellReview> reviews(String specimenId) {
        return this.<ReviewEntry>prefixed(Stores.REVIEWS, specimenId + ".").stream()
                .map(entry -> entry.value.event())
                .toList();
    }

    /** A specimen's reviews read against its images. */
    public ReviewReading review(String specimenId) {
        return ReviewReading.of(images(specimenId), reviews(specimenId));
    }

    /** Images without outcome, by id, with the time they were received. */
    public Map<String, Instant> pending() {
        Map<String, Instant> pending = new TreeMap<>();
        this.<Long>all(Stores.PENDING).forEach(entry -> pending.put(entry.key, Instant.ofEpochMilli(entry.value)));
        return pending;
    }

    /** What the scanners made, from a day on; a specimen's sums of a day once for each scanner. */
    public List<ScannerDay> scannerDays(LocalDate from) {
        try (KeyValueIterator<String, ScannerDay> found =
                this.<ScannerDay>store(Stores.SCANNER_DAYS).range(from.toString(), null)) {
            return drained(found).stream().map(entry -> entry.value).toList();
        } catch (InvalidStateStoreException e) {
            throw notReady(Stores.SCANNER_DAYS, e);
        }
    }

    /** An alert; null where there is none. */
    public @Nullable Alert alert(String alertId) {
        return get(Alert.class, Stores.ALERTS, alertId);
    }

    /** The attempts to deliver an alert's steps. */
    public DeliveryHistory deliveries(String alertId) {
        DeliveryHistory attempts = get(DeliveryHistory.class, Stores.DELIVERIES, alertId);
        return attempts == null ? DeliveryHistory.EMPTY : attempts;
    }

    /** All alerts, in no order. */
    public List<Alert> alerts() {
        return this.<Alert>all(Stores.ALERTS).stream().map(entry -> entry.value).toList();
    }

    /** A patient's audit, oldest first; links that a version before this store wrote are only in the topic. */
    public List<SignedLink> audit(String patientId) {
        return this.<SignedLink>prefixed(Stores.AUDIT, patientId + ".").stream()
                .map(entry -> entry.value)
                .toList();
    }

    private <V> @Nullable V get(Class<V> type, String store, String key) {
        try {
            return type.cast(store(store).get(key));
        } catch (InvalidStateStoreException e) {
            throw notReady(store, e);
        }
    }

    private <V> List<KeyValue<String, V>> all(String store) {
        try (KeyValueIterator<String, V> found = this.<V>store(store).all()) {
            return drained(found);
        } catch (InvalidStateStoreException e) {
            throw notReady(store, e);
        }
    }

    private <V> List<KeyValue<String, V>> prefixed(String store, String prefix) {
        try (KeyValueIterator<String, V> found = this.<V>store(store).prefixScan(prefix, new StringSerializer())) {
            return drained(found);
        } catch (InvalidStateStoreException e) {
            throw notReady(store, e);
        }
    }

    private static <V> List<KeyValue<String, V>> drained(KeyValueIterator<String, V> found) {
        List<KeyValue<String, V>> entries = new ArrayList<>();
        found.forEachRemaining(entries::add);
        return entries;
    }

    private <V> ReadOnlyKeyValueStore<String, V> store(String name) {
        KafkaStreams.State state = streams.state();
        if (state != KafkaStreams.State.RUNNING) {
            throw new InvalidStateStoreException("the topology is " + state);
        }
        return streams.store(StoreQueryParameters.fromNameAndType(name, QueryableStoreTypes.keyValueStore()));
    }

    private static StoresNotReady notReady(String store, InvalidStateStoreException cause) {
        return new StoresNotReady("the store " + store + " cannot be asked now: " + cause.getMessage(), cause);
    }
}
