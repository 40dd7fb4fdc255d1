package io.leukostream.results.dashboard;

import io.leukostream.results.dashboard.AccountingPage.Pending;
import io.leukostream.results.dashboard.AccountingPage.SpecimenRow;
import io.leukostream.results.dashboard.AccountingPage.Unknown;
import io.leukostream.results.dashboard.SpecimenPage.Differential;
import io.leukostream.results.dashboard.SpecimenPage.RejectedImage;
import io.leukostream.results.dashboard.SpecimenPage.ReviewProgress;
import io.leukostream.results.dashboard.SpecimenPage.TypeLine;
import io.leukostream.results.dashboard.WorklistPage.PatientRow;
import io.leukostream.results.dashboard.WorklistPage.StateFilter;
import io.leukostream.results.domain.GateReason;
import io.leukostream.results.rest.AccountingJson;
import io.leukostream.results.rest.AlertJson;
import io.leukostream.results.rest.CellJson;
import io.leukostream.results.rest.DriftJson;
import io.leukostream.results.rest.ImageJson;
import io.leukostream.results.rest.Page;
import io.leukostream.results.rest.PatientJson;
import io.leukostream.results.rest.ResultsQueries.CellFilter;
import io.leukostream.results.rest.ResultsQueries.CellOrder;
import io.leukostream.results.rest.ReviewJson;
import io.leukostream.results.rest.SpecimenJson;
import io.leukostream.results.rest.SystemJson;
import io.leukostream.results.rest.TypeShare;
import io.leukostream.results.rest.VerdictJson;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Turns what the REST room answers into pages. Holds no state and asks nobody. */
final class Pages {
    private static final int MOST_SAID = 100;
    /** Alerts above the worklist; all of them are in the inbox. */
    private static final int MOST_ALERTS = 5;

    private static final RejectionGuide GUIDE = RejectionGuide.packaged();

    private final double threshold;
    private final double avoidBelow;
    private final ZoneId zone;
    private final Clock clock;

    /**
     * @param threshold the configured threshold, 0..1, for words that belong to no specimen
     * @param avoidBelow below this fraction the diagnosis is avoided, 0..1
     * @param zone in which times are printed
     * @param clock for what is due
     */
    Pages(double threshold, double avoidBelow, ZoneId zone, Clock clock) {
        this.threshold = threshold;
        this.avoidBelow = avoidBelow;
        this.zone = zone;
        this.clock = clock;
    }

    /**
     * The worklist.
     *
     * @param counts how many patients each state has
     * @param patients the patients of this page of the list, in its order
     * @param state state that is filtered by; empty where none is
     * @param level level of the triage that is filtered by; empty where none is
     * @param query what is searched for; empty where nothing is
     * @param simulated the specimens among them whose review is a simulated reviewer's
     * @param alerts the alerts, in any order and state
     */
    WorklistPage worklist(
            Map<String, Integer> counts,
            Page<PatientJson> patients,
            Set<String> simulated,
            String state,
            String level,
            String query,
            List<AlertJson> alerts) {
        int all = counts.values().stream().mapToInt(Integer::intValue).sum();
        List<StateFilter> filters = new ArrayList<>();
        filters.add(new StateFilter(null, all, listAddress("", level, query, null), state.isEmpty()));
        for (String each : StateWords.BY_SEVERITY) {
            filters.add(new StateFilter(
                    StateWords.of(each, threshold),
                    counts.getOrDefault(each, 0),
                    listAddress(each, level, query, null),
                    each.equals(state)));
        }
        List<Choice> levels = new ArrayList<>();
        levels.add(new Choice("Any", listAddress(state, "", query, null), level.isEmpty()));
        TriageLine.BY_URGENCY.forEach(each -> levels.add(
                new Choice(TriageLine.words(each), listAddress(state, each, query, null), each.equals(level))));
        String next = patients.next() == null ? null : listAddress(state, level, query, patients.next());
        List<PatientRow> rows = patients.items().stream()
                .map(patient -> row(patient, simulated.contains(patient.specimenId())))
                .toList();
        List<AlertJson> open = alerts.stream()
                .filter(Pages::waits)
                .sorted(Comparator.comparing(AlertJson::dueAt).thenComparing(AlertJson::alertId))
                .toList();
        return new WorklistPage(
                all == 0,
                filters,
                levels,
                query,
                state,
                level,
                rows,
                next,
                open.stream().limit(MOST_ALERTS).map(this::card).toList(),
                open.size() == Page.LARGEST ? open.size() + "+" : Integer.toString(open.size()),
                Math.max(0, open.size() - MOST_ALERTS));
    }

    private PatientRow row(PatientJson patient, boolean simulated) {
        StateWords state = StateWords.of(patient.state(), patient.threshold());
        AlertJson alert = patient.alert();
        return new PatientRow(
                patient.patientId(),
                patient.specimenId(),
                patient.specimens() - 1,
                state,
                TriageLine.of(patient.triage()),
                bar("row-bar-" + patient.patientId(), state, patient.blastFraction(), patient.threshold()),
                simulated,
                tally(patient.images()),
                moment(patient.updatedAt()),
                alert == null ? null : card(alert));
    }

    /**
     * A patient.
     *
     * @param reviewers who labelled cells, by specimen
     * @param alerts the patient's alerts
     * @param times when each specimen's evidence last changed
     */
    PatientPage patient(
            VerdictJson verdict,
            Map<String, List<Reviewer>> reviewers,
            List<AlertJson> alerts,
            Map<String, Instant> times) {
        List<SpecimenPanel> panels = verdict.specimens().stream()
                .sorted(Comparator.comparingInt((VerdictJson.Specimen each) -> severity(each.state()))
                        .thenComparing(VerdictJson.Specimen::specimenId))
                .map(each -> panel(verdict.patientId(), each, reviewers.getOrDefault(each.specimenId(), List.of())))
                .toList();
        double decisive = verdict.specimens().stream()
                .filter(each -> each.state().equals(verdict.state()))
                .mapToDouble(VerdictJson.Specimen::threshold)
                .findFirst()
                .orElse(threshold);
        StateWords state = StateWords.of(verdict.state(), decisive);
        IntervalBar bar = panels.stream()
                .filter(each -> each.state().code().equals(verdict.state()))
                .findFirst()
                .map(SpecimenPanel::bar)
                .orElse(null);
        List<AlertCard> cards = alerts.stream()
                .sorted(Comparator.comparing(AlertJson::raisedAt).reversed())
                .map(this::card)
                .toList();
        return new PatientPage(
                verdict.patientId(),
                state,
                verdict.mergedInto() == null
                        ? PatientPage.summary(state, bar)
                        : "Merged into " + verdict.mergedInto() + ", which has all specimens of this code.",
                panels.stream().anyMatch(SpecimenPanel::simulatedLabels),
                new EvidenceHash(verdict.evidenceHash()),
                verdict.modelVersion(),
                moment(verdict.updatedAt()),
                panels,
                HistoryPlot.of(panels, times, zone),
                cards,
                verdict.mergedInto());
    }

    /**
     * A specimen.
     *
     * @param reviewers who labelled its cells
     * @param cells the cells of one page of the gallery
     * @param rejected its rejected images
     * @param gallery which cells these are
     * @param review what its readers said
     */
    SpecimenPage specimen(
            SpecimenJson specimen,
            List<Reviewer> reviewers,
            Page<CellJson> cells,
            List<RejectedImage> rejected,
            Gallery gallery,
            ReviewJson review) {
        SpecimenJson.Frame frame = review.frame();
        ReviewProgress progress = new ReviewProgress(
                frame == null ? 0 : frame.cells(),
                frame == null ? 0 : frame.labelled(),
                frame == null ? 0 : frame.blasts(),
                review.outgrown(),
                review.doubleReadings().stream().map(DoubleReadingPanel::of).toList(),
                LabelLine.of(review.history(), MOST_SAID, zone),
                review.history().size());
        String id = specimen.verdict().specimenId();
        Differential differential = differential(specimen, gallery);
        return new SpecimenPage(
                panel(specimen.patientId(), specimen.verdict(), reviewers),
                differential,
                Arrays.stream(CellFilter.values())
                        .map(each -> new Choice(
                                Gallery.words(each), gallery.with(each).address(id), each == gallery.filter()))
                        .toList(),
                differential.typed() == 0 && gallery.type().isEmpty() ? List.of() : types(specimen, gallery),
                Arrays.stream(CellOrder.values())
                        .map(each -> new Choice(
                                Gallery.words(each), gallery.with(each).address(id), each == gallery.order()))
                        .toList(),
                cells.items().stream().map(Pages::tile).toList(),
                gallery.page() == 0 ? null : gallery.with(gallery.page() - 1).address(id),
                cells.next() == null ? null : gallery.with(gallery.page() + 1).address(id),
                cells.next() == null ? null : gallery.with(gallery.page() + 1).part(id),
                rejected,
                progress);
    }

    private static Differential differential(SpecimenJson specimen, Gallery gallery) {
        int typed = 0;
        List<TypeLine> lines = new ArrayList<>();
        for (TypeShare line : specimen.differential()) {
            typed += line.type().equals(TypeShare.NOT_TYPED) ? 0 : line.cells();
            lines.add(new TypeLine(
                    CellTile.typeWords(line.type()),
                    line.cells(),
                    Percent.nearest(line.share()),
                    Percent.place(line.share()),
                    gallery.withType(line.type()).address(specimen.verdict().specimenId())));
        }
        return new Differential(
                specimen.verdict().cells().counted(),
                typed,
                specimen.doubtful(),
                gallery.with(CellFilter.DOUBTFUL).address(specimen.verdict().specimenId()),
                lines);
    }

    private static List<Choice> types(SpecimenJson specimen, Gallery gallery) {
        String id = specimen.verdict().specimenId();
        List<Choice> types = new ArrayList<>();
        types.add(new Choice(
                "All types", gallery.withType("").address(id), gallery.type().isEmpty()));
        for (TypeShare line : specimen.differential()) {
            types.add(new Choice(
                    CellTile.typeWords(line.type()),
                    gallery.withType(line.type()).address(id),
                    line.type().equals(gallery.type())));
        }
        return types;
    }

    /** How the pipeline does. */
    SystemPage system(SystemJson system) {
        return SystemPage.of(system, zone, clock.instant());
    }

    /** How the scanners do. */
    ScannersPage scanners(DriftJson drift) {
        return ScannersPage.of(drift);
    }

    /** Where all images are. */
    AccountingPage accounting(AccountingJson accounting) {
        AccountingJson.Totals totals = accounting.totals();
        List<SpecimenRow> registered = new ArrayList<>();
        List<Unknown> unknown = new ArrayList<>();
        for (AccountingJson.Line line : accounting.specimens()) {
            String patientId = line.patientId();
            if (patientId == null) {
                unknown.add(new Unknown(line.specimenId(), line.received()));
            } else {
                registered.add(new SpecimenRow(
                        line.specimenId(),
                        patientId,
                        new ImageTally(line.received(), line.classified(), line.rejected(), line.pending())));
            }
        }
        Instant since = totals.oldestPendingAt();
        String oldest = totals.oldestPendingImageId();
        Pending pending = since == null || oldest == null
                ? null
                : new Pending(oldest, moment(since), Moment.span(Duration.between(since, clock.instant())));
        return new AccountingPage(
                new ImageTally(totals.received(), totals.classified(), totals.rejected(), totals.pending()),
                registered,
                pending,
                unknown,
                OverdueBanner.of(
                        accounting.overdue().images(), accounting.overdue().afterSeconds()),
                tables(accounting));
    }

    private List<AccountingPage.Table> tables(AccountingJson accounting) {
        List<AccountingPage.Row> scanners = accounting.scanners().stream()
                .map(line -> row(
                        line.scanner() == null ? "not stated" : line.scanner(),
                        new ImageTally(line.received(), line.classified(), line.rejected(), line.pending()),
                        line.rejectedByReason(),
                        line.oldestPendingAt()))
                .toList();
        List<AccountingPage.Row> days = accounting.days().stream()
                .limit(AccountingPage.DAYS)
                .map(line -> row(
                        line.day().toString(),
                        new ImageTally(line.received(), line.classified(), line.rejected(), line.pending()),
                        line.rejectedByReason(),
                        line.oldestPendingAt()))
                .toList();
        return scanners.isEmpty()
                ? List.of()
                : List.of(
                        new AccountingPage.Table("scanner", "scanner", "Scanner", scanners, 0),
                        new AccountingPage.Table(
                                "day",
                                "day of receipt",
                                "Day (UTC)",
                                days,
                                accounting.days().size() - days.size()));
    }

    private AccountingPage.Row row(
            String name, ImageTally images, Map<String, Integer> rejectedByReason, @Nullable Instant oldest) {
        return new AccountingPage.Row(
                name,
                images,
                rejectedByReason.entrySet().stream()
                        .map(reason -> new AccountingPage.Reason(
                                reason.getKey(), reason.getValue(), GUIDE.of(reason.getKey()) != null))
                        .toList(),
                oldest == null ? null : Moment.span(Duration.between(oldest, clock.instant())));
    }

    /** What each code means. */
    RejectionsPage rejections() {
        return RejectionsPage.of(GUIDE);
    }

    /** A rejected image of a specimen's list. */
    static RejectedImage rejected(String imageId, String reason, String detail) {
        return new RejectedImage(imageId, reason, detail, Advice.of(GUIDE, reason));
    }

    /**
     * One image.
     *
     * @param specimen its specimen; null where that is not registered
     */
    ImagePage image(ImageJson image, @Nullable SpecimenJson specimen) {
        boolean field = specimen != null && specimen.verdict().kind().equals("FIELD");
        ImageJson.Receipt receipt = image.receipt();
        ImageJson.Coordinates coordinates = image.coordinates();
        ImageJson.Model model = image.model();
        ImageJson.Quality quality = image.quality();
        Instant decided = image.decidedAt();
        return new ImagePage(
                image.imageId(),
                image.specimenId(),
                specimen == null ? null : specimen.patientId(),
                specimen == null
                        ? null
                        : StateWords.of(
                                specimen.verdict().state(), specimen.verdict().threshold()),
                image.outcome(),
                receipt == null
                        ? null
                        : new ImagePage.Receipt(
                                moment(receipt.receivedAt()),
                                receipt.priority().toLowerCase(Locale.ROOT),
                                Math.ceilDiv(receipt.sizeBytes(), 1024L)),
                coordinates == null
                        ? null
                        : coordinates.topic() + ", partition " + coordinates.partition() + ", offset "
                                + coordinates.offset(),
                decided == null ? null : moment(decided),
                model == null ? null : model.name() + "/" + model.version(),
                image.reason(),
                image.detail(),
                Advice.of(GUIDE, image.reason()),
                sentAgain(image),
                field && quality != null ? ImagePage.Field.of(quality.widthPx(), quality.heightPx()) : null,
                image.cells().stream().map(Pages::tile).toList(),
                image.cells().stream().anyMatch(CellJson::doubtful));
    }

    /** The attempt that waits while an earlier one was rejected; null where there is none. */
    private static @Nullable Integer sentAgain(ImageJson image) {
        ImageJson.Receipt receipt = image.receipt();
        Integer decided = image.attempt();
        return receipt != null && decided != null && receipt.attempt() > decided ? (Integer) receipt.attempt() : null;
    }

    /**
     * The form to acknowledge an alert.
     *
     * @param error why the last attempt was refused; null on the first
     */
    AcknowledgePage acknowledge(
            AlertJson alert, @Nullable String error, String acknowledgedBy, String patientId, String state) {
        List<StateWords> choices = StateWords.BY_SEVERITY.stream()
                .map(each -> StateWords.of(each, threshold))
                .toList();
        return new AcknowledgePage(card(alert), choices, error, acknowledgedBy, patientId, state);
    }

    private SpecimenPanel panel(String patientId, VerdictJson.Specimen specimen, List<Reviewer> reviewers) {
        StateWords state = StateWords.of(specimen.state(), specimen.threshold());

        return new SpecimenPanel(
                specimen.specimenId(),
                patientId,
                SpecimenPanel.materialOf(specimen.specimenType()),
                SpecimenPanel.kindOf(specimen.kind()),
                state,
                TriageLine.of(specimen.triage()),
                bar("bar-" + specimen.specimenId(), state, specimen.blastFraction(), specimen.threshold()),
                specimen.reasons(),
                tally(specimen.images()),
                specimen.cells().counted(),
                specimen.cells().calledBlast(),
                specimen.cells().gated(),
                specimen.cells().reviewed(),
                reviewers,
                new EvidenceHash(specimen.evidenceHash()));
    }

    private @Nullable IntervalBar bar(
            String id, StateWords state, VerdictJson.@Nullable Fraction fraction, double against) {
        return fraction == null
                ? null
                : new IntervalBar(
                        id,
                        state.tone(),
                        fraction.apparent(),
                        fraction.basis().equals("REVIEW") ? null : fraction.corrected(),
                        fraction.lower(),
                        fraction.upper(),
                        fraction.level(),
                        fraction.basis(),
                        fraction.denominator(),
                        against,
                        Math.min(avoidBelow, against));
    }

    AlertCard card(AlertJson alert) {
        Instant now = clock.instant();
        boolean open = waits(alert);
        return new AlertCard(
                alert.alertId(),
                alert.patientId(),
                alert.kind().equals("TRIAGE_URGENT"),
                StateWords.of(alert.verdictState(), threshold),
                AlertCard.status(open && alert.escalated() ? "ESCALATED" : alert.state()),
                open,
                open && alert.dueAt().isBefore(now),
                Moment.countdown(alert.dueAt(), now),
                moment(alert.raisedAt()),
                moment(alert.dueAt()),
                alert.acknowledgedBy());
    }

    /** Whether somebody still has to acknowledge it. */
    private static boolean waits(AlertJson alert) {
        return alert.acknowledgedBy() == null && goesOn(alert);
    }

    /** Whether its episode goes on. */
    static boolean goesOn(AlertJson alert) {
        return !alert.state().equals("SUPERSEDED") && !alert.state().equals("CLOSED");
    }

    /** A cell as the galleries show it. */
    static CellTile tile(CellJson cell) {
        CellJson.Box box = cell.box();
        String gate = cell.gate();
        String label = cell.reviewLabel();
        String reviewer = cell.reviewer();
        return new CellTile(
                cell.cellId(),
                cell.imageId(),
                box.x(),
                box.y(),
                box.width(),
                box.height(),
                String.format(Locale.ROOT, "%.2f", cell.blastProbability()),
                CellTile.labelWords(cell.label()),
                CellTile.toneOf(cell.label()),
                cell.cellType() == null ? null : CellTile.typeWords(cell.cellType()),
                gate == null ? null : GateReason.words(gate),
                cell.doubtful(),
                label == null ? null : CellTile.labelWords(label),
                reviewer == null ? null : new Reviewer(reviewer, 1));
    }

    private static ImageTally tally(VerdictJson.Images images) {
        return new ImageTally(images.received(), images.classified(), images.rejected(), images.pending());
    }

    private static int severity(String state) {
        int place = StateWords.BY_SEVERITY.indexOf(state);
        return place < 0 ? StateWords.BY_SEVERITY.size() : place;
    }

    private Moment moment(Instant instant) {
        return Moment.of(instant, zone);
    }

    /** Where a part of the worklist is. */
    private static String listAddress(String state, String level, String query, @Nullable String page) {
        List<String> parameters = new ArrayList<>();
        if (!state.isEmpty()) {
            parameters.add("state=" + encoded(state));
        }
        if (!level.isEmpty()) {
            parameters.add("triage=" + encoded(level));
        }
        if (!query.isEmpty()) {
            parameters.add("q=" + encoded(query));
        }
        if (page != null) {
            parameters.add("page=" + encoded(page));
        }
        return parameters.isEmpty() ? "/" : "/?" + String.join("&", parameters);
    }

    private static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }
}
