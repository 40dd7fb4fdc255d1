package io.leukostream.results.topology;

import io.leukostream.events.CellReview;
import io.leukostream.results.domain.Alert;
import io.leukostream.results.domain.DeliveryHistory;
import io.leukostream.results.domain.ImageAccount;
import io.leukostream.results.domain.ScannerDay;
import io.leukostream.results.domain.SignedLink;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import org.apache.kafka.streams.KeyValue;
import org.jspecify.annotations.Nullable;

/**
 * The questions that are asked of the stores, wherever their partitions are: what this instance does not hold is asked of
 * the one that does. So every view answers the same from any instance. Questions about everything ask all instances, and
 * are for few callers: lists for people come from the {@code worklist}.
 *
 * <p>Every method throws {@link StoresNotReady} while a store that it needs cannot be asked, here or there: an answer is
 * whole, or there is none.
 */
public final class ResultsStores {
    private final StoreOwners owners;
    private final LocalStores local;
    private final OtherInstances others;
    private final StoreSerdes serdes;

    ResultsStores(StoreOwners owners, LocalStores local, OtherInstances others, StoreSerdes serdes) {
        this.owners = owners;
        this.local = local;
        this.others = others;
        this.serdes = serdes;
    }

    /** A patient; null where no evidence names one. */
    public @Nullable PatientState patient(String patientId) {
        return get(PatientState.class, Stores.PATIENTS, patientId);
    }

    /** A specimen's assessment; null where none is registered. */
    public @Nullable SpecimenAssessment specimen(String specimenId) {
        return get(SpecimenAssessment.class, Stores.ASSESSMENTS, specimenId);
    }

    /** Assessments of some specimens by id; those that nobody registered are left out. */
    public Map<String, SpecimenAssessment> specimens(Collection<String> specimenIds) {
        return several(Stores.ASSESSMENTS, specimenIds);
    }

    /** A specimen's sums; null where nothing names it. */
    public @Nullable SpecimenSums sums(String specimenId) {
        return get(SpecimenSums.class, Stores.TALLIES, specimenId);
    }

    /** Sums of all specimens by id, those that nobody registered too. */
    public Map<String, SpecimenSums> sums() {
        Map<String, SpecimenSums> sums = new TreeMap<>();
        this.<SpecimenSums>everywhere(Stores.TALLIES, "").forEach(entry -> sums.put(entry.key, entry.value));
        return sums;
    }

    /** An image; null where neither receipt nor outcome names it. */
    public @Nullable ImageEntry image(String imageId) {
        return get(ImageEntry.class, Stores.IMAGES, imageId);
    }

    /** A specimen's images by id. */
    public Map<String, ImageEntry> images(String specimenId) {
        Map<String, ImageEntry> images = new TreeMap<>();
        this.<ImageEntry>prefixed(Stores.IMAGES, specimenId).forEach(entry -> images.put(entry.key, entry.value));
        return images;
    }

    /** A specimen's review events. */
    public List<CellReview> reviews(String specimenId) {
        return this.<ReviewEntry>prefixed(Stores.REVIEWS, specimenId).stream()
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
        this.<Long>everywhere(Stores.PENDING, "")
                .forEach(entry -> pending.put(entry.key, Instant.ofEpochMilli(entry.value)));
        return pending;
    }

    /** How the images of each scanner, day and specimen stand. */
    public List<ImageAccount> accounts() {
        return this.<ImageAccount>everywhere(Stores.ACCOUNTS, "").stream()
                .map(entry -> entry.value)
                .toList();
    }

    /** Some images by id; those that nothing names are left out. */
    public Map<String, ImageEntry> images(Collection<String> imageIds) {
        return several(Stores.IMAGES, imageIds);
    }

    /** What the scanners made, from a day on; a specimen's sums of a day once for each scanner. */
    public List<ScannerDay> scannerDays(LocalDate from) {
        return this.<ScannerDay>everywhere(Stores.SCANNER_DAYS, from.toString()).stream()
                .map(entry -> entry.value)
                .toList();
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

    /** A patient's audit, oldest first; links that a version before this store wrote are only in the topic. */
    public List<SignedLink> audit(String patientId) {
        return this.<SignedLink>prefixed(Stores.AUDIT, patientId).stream()
                .map(entry -> entry.value)
                .toList();
    }

    private <V> @Nullable V get(Class<V> type, String store, String key) {
        List<KeyValue<String, V>> found =
                entries(owners.of(store, key).instance(), new StoreQuestion.Keys(store, List.of(key)));
        return found.isEmpty() ? null : type.cast(found.getFirst().value);
    }

    private <V> Map<String, V> several(String store, Collection<String> keys) {
        Map<String, List<String>> byOwner = new HashMap<>();
        keys.forEach(key -> byOwner.computeIfAbsent(owners.of(store, key).instance(), _ -> new ArrayList<>())
                .add(key));
        Map<String, V> found = new TreeMap<>();
        byOwner.forEach((owner, ofOwner) -> this.<V>entries(owner, new StoreQuestion.Keys(store, ofOwner))
                .forEach(entry -> found.put(entry.key, entry.value)));
        return found;
    }

    private <V> List<KeyValue<String, V>> prefixed(String store, String id) {
        String prefix = id + ".";
        return entries(owners.of(store, prefix).instance(), new StoreQuestion.Prefix(store, prefix));
    }

    private <V> List<KeyValue<String, V>> everywhere(String store, String from) {
        List<KeyValue<String, V>> all = new ArrayList<>();
        for (Map.Entry<String, SortedSet<Integer>> owner :
                owners.ofAllPartitions(store).entrySet()) {
            all.addAll(this.<V>entries(owner.getKey(), new StoreQuestion.Partitions(store, owner.getValue(), from)));
        }
        return all;
    }

    private <V> List<KeyValue<String, V>> entries(String owner, StoreQuestion question) {
        return owners.isHere(owner)
                ? local.entries(question)
                : serdes.unframed(question.store(), others.ask(owner, question));
    }
}
