package io.leukostream.results.rest;

import io.leukostream.events.CellReview;
import io.leukostream.results.domain.Alert;
import io.leukostream.results.domain.DriftPolicy;
import io.leukostream.results.domain.ImageAccount;
import io.leukostream.results.domain.OverdueRule;
import io.leukostream.results.domain.Review.ShownLabel;
import io.leukostream.results.domain.Triage;
import io.leukostream.results.domain.VerdictState;
import io.leukostream.results.domain.WaitingImages;
import io.leukostream.results.topology.ImageEntry;
import io.leukostream.results.topology.PatientState;
import io.leukostream.results.topology.ResultsStores;
import io.leukostream.results.topology.ReviewReading;
import io.leukostream.results.topology.SpecimenSums;
import io.leukostream.results.worklist.Worklist;
import io.leukostream.schemas.Identity;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
    private final Worklist worklist;
    private final DriftPolicy drift;
    private final OverdueRule overdue;

    /** Asks these stores and this list. */
    public ResultsQueries(ResultsStores stores, Worklist worklist, DriftPolicy drift, OverdueRule overdue) {
        this.stores = stores;
        this.worklist = worklist;
        this.drift = drift;
        this.overdue = overdue;
    }

    /**
     * The worklist, those to be looked at first on top.
     *
     * @param state only patients in this state; null for all
     * @param level only patients of this level; null for all
     * @param fragment only patients whose code, or a specimen's, holds this; empty for all
     */
    public Page<PatientJson> patients(
            @Nullable VerdictState state, Triage.@Nullable Level level, String fragment, int page) {
        return Page.ofSome(
                page,
                WORKLIST_PAGE,
                (skipped, most) -> worklist.patients(state, level, fragment, skipped, most),
                patient -> Views.line(
                        patient, worklist.openAlert(patient.patientId()).orElse(null)));
    }

    /** How many patients are in each state; a state that nobody is in may be left out. */
    public Map<VerdictState, Integer> patientsByState() {
        return worklist.counts();
    }

    /** A patient's verdict. */
    public Optional<VerdictJson> verdict(String patientId) {
        PatientState patient = stores.patient(patientId);
        return patient == null || (patient.specimens().isEmpty() && patient.mergedInto() == null)
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
        DOUBTFUL,
        GATED;

        boolean shows(CellJson cell) {
            return switch (this) {
                case ALL -> true;
                case BLAST, NOT_BLAST -> cell.gate() == null && cell.label().equals(name());
                case DOUBTFUL -> cell.doubtful();
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

    /** Every cell of a specimen, by image and then by place; empty where nothing names the specimen. */
    public Optional<Stream<CellJson>> everyCell(String specimenId) {
        SpecimenSums sums = stores.sums(specimenId);
        if (sums == null) {
            return Optional.empty();
        }
        Map<String, ShownLabel> labels = sums.reviewEvents() == 0 ? Map.of() : labels(specimenId);
        return Optional.of(stores.images(specimenId).values().stream()
                .flatMap(entry -> Stream.ofNullable(entry.classified()))
                .flatMap(classified -> classified.getCells().stream()
                        .map(cell -> Views.cell(classified.getImageId(), cell, labels.get(cell.getCellId())))));
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

    /** An image as inference left it, without anybody's labels: one entry is read, not the specimen's review. */
    public Optional<ImageJson> imageAsFound(String imageId) {
        return Optional.ofNullable(imageEntry(imageId)).map(entry -> Views.image(imageId, entry, Map.of()));
    }

    /** One cell with the label that it shows; empty where no outcome that counts holds it. */
    public Optional<CellJson> cell(String cellId) {
        return Identity.isCellId(cellId)
                ? image(Identity.imageIdOf(cellId)).flatMap(image -> image.cell(cellId))
                : Optional.empty();
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
        return Page.ofSome(page, Page.LARGEST, (skipped, most) -> worklist.alerts(state, skipped, most), Views::alert);
    }

    /** One alert, with its history and deliveries. */
    public Optional<AlertJson> alert(String alertId) {
        return Optional.ofNullable(stores.alert(alertId))
                .map(alert -> Views.alertInFull(alert, stores.deliveries(alertId)));
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

    /** The images that have no outcome; costs the pending ones, never all. */
    public WaitingImages waiting(Instant now) {
        return WaitingImages.of(stores.pending(), now, overdue);
    }

    /** How long an image may be pending. */
    public Duration overdueAfter() {
        return overdue.after();
    }

    /**
     * Where every image is. Costs the specimens and the pending images, never all images.
     *
     * @param now by which an image is overdue
     */
    public AccountingJson accounting(Instant now) {
        Map<String, Instant> pendingImages = stores.pending();
        WaitingImages waitingImages = WaitingImages.of(pendingImages, now, overdue);
        Map<String, Instant> oldest = new HashMap<>();
        pendingImages.forEach((imageId, receivedAt) ->
                oldest.merge(Identity.specimenIdOf(imageId), receivedAt, ResultsQueries::earlier));
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
        Map<String, AccountSums> scanners = new TreeMap<>();
        Map<LocalDate, AccountSums> days = new TreeMap<>(Comparator.reverseOrder());
        AccountSums withoutScanner = new AccountSums();
        List<ImageAccount> accounts = stores.accounts();
        Map<ImageAccount, Instant> oldestOf = oldestOf(accounts, pendingImages);
        for (ImageAccount account : accounts) {
            String scanner = account.scanner();
            Instant oldestOfAccount = oldestOf.get(account);
            (scanner == null ? withoutScanner : scanners.computeIfAbsent(scanner, _ -> new AccountSums()))
                    .add(account, oldestOfAccount);
            days.computeIfAbsent(account.day(), _ -> new AccountSums()).add(account, oldestOfAccount);
        }
        List<AccountingJson.ScannerLine> byScanner = new ArrayList<>();
        scanners.forEach((scanner, sums) -> byScanner.add(scannerLine(scanner, sums)));
        if (withoutScanner.received() > 0) {
            byScanner.add(scannerLine(null, withoutScanner));
        }
        return new AccountingJson(
                new AccountingJson.Totals(
                        received,
                        classified,
                        rejected,
                        reasons,
                        pending,
                        waiting,
                        waitingImages.oldestAt(),
                        waitingImages.oldestImageId()),
                unknown,
                lines,
                new AccountingJson.Overdue(overdue.after().toSeconds(), waitingImages.overdue()),
                byScanner,
                days.entrySet().stream()
                        .map(day -> dayLine(day.getKey(), day.getValue()))
                        .toList());
    }

    /**
     * When the longest pending image of each account that has one was received. Which of several scanners of one specimen
     * and day a pending image came from only the image tells; the others are told by their specimen and day.
     */
    private Map<ImageAccount, Instant> oldestOf(List<ImageAccount> accounts, Map<String, Instant> pending) {
        record SpecimenDay(String specimenId, LocalDate day) {}
        Map<SpecimenDay, List<ImageAccount>> waiting = accounts.stream()
                .filter(account -> account.pending() > 0)
                .collect(Collectors.groupingBy(account -> new SpecimenDay(account.specimenId(), account.day())));
        Map<ImageAccount, Instant> oldest = new HashMap<>();
        Map<String, List<ImageAccount>> unclear = new TreeMap<>();
        pending.forEach((imageId, receivedAt) -> {
            var of = waiting.getOrDefault(
                    new SpecimenDay(Identity.specimenIdOf(imageId), LocalDate.ofInstant(receivedAt, ZoneOffset.UTC)),
                    List.of());
            if (of.size() == 1) {
                oldest.merge(of.getFirst(), receivedAt, ResultsQueries::earlier);
            } else if (!of.isEmpty()) {
                unclear.put(imageId, of);
            }
        });
        stores.images(unclear.keySet()).forEach((imageId, entry) -> {
            var receipt = entry.receipt();
            if (receipt != null) {
                unclear.getOrDefault(imageId, List.of()).stream()
                        .filter(account -> Objects.equals(account.scanner(), receipt.getScanner()))
                        .forEach(account -> oldest.merge(account, receipt.getReceivedAt(), ResultsQueries::earlier));
            }
        });
        return oldest;
    }

    private static Instant earlier(Instant left, Instant right) {
        return left.isBefore(right) ? left : right;
    }

    private static AccountingJson.ScannerLine scannerLine(@Nullable String scanner, AccountSums sums) {
        return new AccountingJson.ScannerLine(
                scanner,
                sums.received(),
                sums.classified(),
                sums.rejected(),
                sums.rejectedByReason(),
                sums.pending(),
                sums.oldestPendingAt());
    }

    private static AccountingJson.DayLine dayLine(LocalDate day, AccountSums sums) {
        return new AccountingJson.DayLine(
                day,
                sums.received(),
                sums.classified(),
                sums.rejected(),
                sums.rejectedByReason(),
                sums.pending(),
                sums.oldestPendingAt());
    }

    /** Reads a code that is one of an enum's names, in any case. */
    static <E extends Enum<E>> E code(Class<E> type, String text) {
        return Enum.valueOf(type, text.toUpperCase(Locale.ROOT));
    }
}
