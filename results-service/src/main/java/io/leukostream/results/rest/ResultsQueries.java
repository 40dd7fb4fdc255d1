package io.leukostream.results.rest;

import io.leukostream.events.CellReview;
import io.leukostream.results.domain.Alert;
import io.leukostream.results.domain.DriftPolicy;
import io.leukostream.results.domain.Review.ShownLabel;
import io.leukostream.results.domain.VerdictState;
import io.leukostream.results.topology.ImageEntry;
import io.leukostream.results.topology.PatientState;
import io.leukostream.results.topology.ResultsStores;
import io.leukostream.results.topology.ReviewReading;
import io.leukostream.results.topology.SpecimenAssessment;
import io.leukostream.results.topology.SpecimenSums;
import io.leukostream.schemas.Identity;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What can be asked of the results, as the JSON records. The REST resources, the live stream and the dashboard all ask
 * here, so that they say the same. Empty where nothing is known of an id; the stores' own exception where they cannot be
 * asked now.
 */
@ApplicationScoped
public class ResultsQueries {
    private static final int WORKLIST_PAGE = 50;

    private final ResultsStores stores;
    private final DriftPolicy drift;

    /** Asks these stores. */
    public ResultsQueries(ResultsStores stores, DriftPolicy drift) {
        this.stores = stores;
        this.drift = drift;
    }

    /**
     * The worklist: most severe first, then the newest.
     *
     * @param state only patients in this state; null for all
     */
    public Page<PatientJson> patients(@Nullable VerdictState state, int page) {
        Map<String, Alert> open = new HashMap<>();
        stores.alerts().stream().filter(Alert::open).forEach(alert -> open.put(alert.patientId(), alert));
        List<PatientState> patients = stores.patients().stream()
                .filter(patient -> !patient.specimens().isEmpty())
                .filter(patient -> state == null || patient.state() == state)
                .sorted(Comparator.comparing(PatientState::state)
                        .reversed()
                        .thenComparing(ResultsQueries::updatedAt, Comparator.reverseOrder())
                        .thenComparing(PatientState::patientId))
                .toList();
        return Page.of(patients, page, WORKLIST_PAGE, patient -> line(patient, open.get(patient.patientId())));
    }

    private static Instant updatedAt(PatientState patient) {
        Instant at = patient.updatedAt();
        return at == null ? Instant.EPOCH : at;
    }

    private static PatientJson line(PatientState patient, @Nullable Alert alert) {
        SpecimenAssessment worst = patient.counting().stream()
                .max(Comparator.comparing(
                                (SpecimenAssessment each) -> each.verdict().state())
                        .thenComparing(SpecimenAssessment::at))
                .orElseThrow();
        VerdictJson.Specimen specimen = Views.specimen(worst);
        return new PatientJson(
                patient.patientId(),
                patient.state().name(),
                updatedAt(patient),
                worst.specimenId(),
                specimen.specimenType(),
                specimen.kind(),
                patient.specimens().size(),
                specimen.images(),
                specimen.cells(),
                specimen.blastFraction(),
                specimen.threshold(),
                alert == null ? null : Views.alert(alert));
    }

    /** A patient's verdict. */
    public Optional<VerdictJson> verdict(String patientId) {
        PatientState patient = stores.patient(patientId);
        return patient == null || patient.specimens().isEmpty()
                ? Optional.empty()
                : Optional.of(Views.verdict(patient));
    }

    /** A specimen in full. */
    public Optional<SpecimenJson> specimen(String specimenId) {
        return Optional.ofNullable(stores.specimen(specimenId)).map(Views::specimenInFull);
    }

    /** Which cells of a specimen the gallery shows. */
    public enum CellFilter {
        ALL,
        BLAST,
        NOT_BLAST,
        GATED;

        boolean shows(CellJson cell) {
            return switch (this) {
                case ALL -> true;
                case BLAST, NOT_BLAST -> cell.gate() == null && cell.label().equals(name());
                case GATED -> cell.gate() != null;
            };
        }
    }

    /** In which order the gallery shows them. */
    public enum CellOrder {
        /** The most probable blast first. */
        PROBABILITY,
        /** The least certain call first: nearest to the bundle's threshold. */
        UNCERTAINTY,
        /** Shuffled, the same at every call. */
        RANDOM
    }

    /**
     * The cells of a specimen.
     *
     * @param type only cells of this type, or {@link TypeShare#NOT_TYPED}; null for all
     */
    public Optional<Page<CellJson>> cells(
            String specimenId, CellFilter filter, @Nullable String type, CellOrder order, int page, int pageSize) {
        SpecimenSums sums = stores.sums(specimenId);
        if (sums == null) {
            return Optional.empty();
        }
        Map<String, ImageEntry> images = stores.images(specimenId);
        Map<String, ShownLabel> labels = sums.reviewEvents() == 0 ? Map.of() : labels(specimenId);
        record Tile(CellJson cell, double threshold) {}
        List<Tile> tiles = new ArrayList<>();
        images.values().forEach(entry -> {
            var classified = entry.classified();
            if (classified != null) {
                double threshold = classified.getModel().getOperatingThreshold();
                classified.getCells().stream()
                        .map(cell -> Views.cell(classified.getImageId(), cell, labels.get(cell.getCellId())))
                        .filter(cell -> filter.shows(cell) && isOf(type, cell))
                        .forEach(cell -> tiles.add(new Tile(cell, threshold)));
            }
        });
        Comparator<Tile> byOrder = switch (order) {
            case PROBABILITY ->
                Comparator.comparingDouble((Tile tile) -> -tile.cell().blastProbability());
            case UNCERTAINTY ->
                Comparator.comparingDouble(tile -> Math.abs(tile.cell().blastProbability() - tile.threshold()));
            case RANDOM -> Comparator.comparingInt(tile -> scrambled(tile.cell().cellId()));
        };
        tiles.sort(byOrder.thenComparing(tile -> tile.cell().cellId()));
        return Optional.of(Page.of(tiles, page, pageSize, Tile::cell));
    }

    private static boolean isOf(@Nullable String type, CellJson cell) {
        String own = cell.cellType();
        return type == null || type.equals(own == null ? TypeShare.NOT_TYPED : own);
    }

    /** A number that looks random and is always the same for a cell (the finaliser of MurmurHash3). */
    private static int scrambled(String cellId) {
        int hash = cellId.hashCode();
        hash = (hash ^ hash >>> 16) * 0x85ebca6b;
        hash = (hash ^ hash >>> 13) * 0xc2b2ae35;
        return hash ^ hash >>> 16;
    }

    private Map<String, ShownLabel> labels(String specimenId) {
        ReviewReading reading = stores.review(specimenId);
        return reading.review().shown().entrySet().stream()
                .collect(Collectors.toMap(entry -> reading.cellId(entry.getKey()), Map.Entry::getValue));
    }

    /** What became of an image. */
    public Optional<ImageJson> image(String imageId) {
        return Optional.ofNullable(imageEntry(imageId)).map(entry -> image(imageId, entry));
    }

    /** What became of an image, by an entry that may be newer than the store's. */
    public ImageJson image(String imageId, ImageEntry entry) {
        return Views.image(imageId, entry, labelsOf(imageId));
    }

    private Map<String, ShownLabel> labelsOf(String imageId) {
        String specimenId = Identity.specimenIdOf(imageId);
        List<CellReview> reviews = stores.reviews(specimenId);
        return reviews.isEmpty() ? Map.of() : labels(specimenId);
    }

    /** An image as its store has it; null where nothing is known of it. */
    public @Nullable ImageEntry imageEntry(String imageId) {
        return Identity.isImageId(imageId) ? stores.image(imageId) : null;
    }

    /**
     * Alerts, the one that is due first on top, then those that nobody waits for, newest first.
     *
     * @param state only alerts in this state; null for all
     */
    public Page<AlertJson> alerts(Alert.@Nullable State state, int page) {
        Predicate<Alert> shown = alert -> state == null || alert.state() == state;
        List<Alert> alerts = stores.alerts().stream()
                .filter(shown)
                .sorted(Comparator.comparing(Alert::awaitsAcknowledgement)
                        .reversed()
                        .thenComparing((left, right) -> left.awaitsAcknowledgement()
                                ? left.dueAt().compareTo(right.dueAt())
                                : right.updatedAt().compareTo(left.updatedAt()))
                        .thenComparing(Alert::id))
                .toList();
        return Page.of(alerts, page, Page.LARGEST, Views::alert);
    }

    /** One alert. */
    public Optional<AlertJson> alert(String alertId) {
        return Optional.ofNullable(stores.alert(alertId)).map(Views::alert);
    }

    /**
     * How the scanners do.
     *
     * @param today UTC
     * @param days how many days are told, today's too
     */
    public DriftJson drift(LocalDate today, int days) {
        LocalDate from = today.minusDays(days - 1L);
        List<DriftJson.Day> told = drift.assess(stores.scannerDays(from.minusDays(drift.referenceDays()))).stream()
                .filter(day -> !day.day().isBefore(from))
                .map(day -> Views.drift(day, drift.attention(day)))
                .toList();
        return new DriftJson(drift.attentionAt(), drift.referenceDays(), drift.leastSpecimens(), told);
    }

    /** Where every image is. */
    public AccountingJson accounting() {
        Map<String, Instant> oldest = new HashMap<>();
        String oldestImage = null;
        Instant oldestAt = null;
        for (Map.Entry<String, Instant> entry : stores.pending().entrySet()) {
            oldest.merge(
                    Identity.specimenIdOf(entry.getKey()),
                    entry.getValue(),
                    (left, right) -> left.isBefore(right) ? left : right);
            if (oldestAt == null || entry.getValue().isBefore(oldestAt)) {
                oldestAt = entry.getValue();
                oldestImage = entry.getKey();
            }
        }
        List<AccountingJson.Line> lines = new ArrayList<>();
        Map<String, Integer> reasons = new TreeMap<>();
        int received = 0;
        int classified = 0;
        int rejected = 0;
        int pending = 0;
        int waiting = 0;
        int unknown = 0;
        for (Map.Entry<String, SpecimenSums> entry : stores.sums().entrySet()) {
            var tally = entry.getValue().tally();
            var registration = entry.getValue().registration();
            lines.add(new AccountingJson.Line(
                    entry.getKey(),
                    registration == null ? null : registration.patientId(),
                    registration == null ? "UNKNOWN_SPECIMEN" : "REGISTERED",
                    tally.received(),
                    tally.classified(),
                    tally.rejected(),
                    tally.rejectedByReason(),
                    tally.pending(),
                    oldest.get(entry.getKey())));
            received += tally.received();
            classified += tally.classified();
            rejected += tally.rejected();
            pending += tally.pending();
            tally.rejectedByReason().forEach((reason, count) -> reasons.merge(reason, count, Integer::sum));
            if (registration == null) {
                unknown++;
                waiting += tally.received();
            }
        }
        return new AccountingJson(
                new AccountingJson.Totals(
                        received, classified, rejected, reasons, pending, waiting, oldestAt, oldestImage),
                unknown,
                lines);
    }

    /** Reads a code that is one of an enum's names, in any case. */
    static <E extends Enum<E>> E code(Class<E> type, String text) {
        return Enum.valueOf(type, text.toUpperCase(Locale.ROOT));
    }
}
