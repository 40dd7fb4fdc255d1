package io.leukostream.results.dashboard;

import io.leukostream.results.dashboard.SpecimenPage.RejectedImage;
import io.leukostream.results.notification.Channel;
import io.leukostream.results.notification.ChannelHealth;
import io.leukostream.results.rest.AccountingJson;
import io.leukostream.results.rest.AlertJson;
import io.leukostream.results.rest.AuditJson;
import io.leukostream.results.rest.CellJson;
import io.leukostream.results.rest.DriftJson;
import io.leukostream.results.rest.ImageJson;
import io.leukostream.results.rest.Page;
import io.leukostream.results.rest.PatientJson;
import io.leukostream.results.rest.ReviewJson;
import io.leukostream.results.rest.SpecimenJson;
import io.leukostream.results.rest.SystemJson;
import io.leukostream.results.rest.TypeShare;
import io.leukostream.results.rest.VerdictJson;
import io.quarkus.qute.TemplateInstance;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Patients that do not exist, one for each state that a page must show. */
final class Samples {

    static final Instant NOW = Instant.parse("2026-11-23T14:30:00Z");
    static final String SUSPECTED = "P-7K2M9QXA";
    static final String HASH = "sha256:4f1c09a7be52d3680f1c09a7be52d3680f1c09a7be52d3680f1c09a7be52d368";
    static final Pages PAGES = new Pages(0.25, 0.20, ZoneOffset.UTC, Clock.fixed(NOW, ZoneOffset.UTC));
    static final AlertInbox INBOX = new AlertInbox(PAGES, ZoneOffset.UTC, Clock.fixed(NOW, ZoneOffset.UTC));
    static final Gallery GALLERY = Gallery.of("", "", "", 0);
    static final List<Reviewer> SIMULATED = List.of(new Reviewer("simulated-haematologist", 24));

    private static final VerdictJson.Fraction HIGH =
            new VerdictJson.Fraction(0.783, 0.87, 0.612, 0.981, 0.95, "MODEL", "CLASSIFIED_LYMPHOID_CELLS");
    private static final VerdictJson.Fraction WIDE =
            new VerdictJson.Fraction(0.31, 0.16, 0.0, 0.47, 0.95, "MODEL", "CLASSIFIED_LYMPHOID_CELLS");
    private static final VerdictJson.Fraction LOW =
            new VerdictJson.Fraction(0.02, null, 0.0, 0.094, 0.95, "REVIEW", "WHITE_CELLS_FOUND");

    private static final List<RejectedImage> REJECTED = List.of(Pages.rejected(
            "S-4F7Q2LTB.ABCDEFGHIJKLMNOPQRSTUVWXYZ", "IMAGE_TRUNCATED", "The file ends before the picture does."));

    static final ReviewJson NO_REVIEW =
            new ReviewJson("S-4F7Q2LTB", 0.25, 0.20, 0.95, null, false, List.of(), List.of(), List.of(), List.of());
    static final ReviewPages REVIEW_PAGES = new ReviewPages(ZoneOffset.UTC);

    private static final String DRAWN = "S-4F7Q2LTB.ABCDEFGHIJKLMNOPQRSTUVWXY4.14-20-90-90";

    private Samples() {}

    /** Two readers, who differ on one cell; the first has decided. */
    static ReviewJson review() {
        return review("Dr Amara Okafor");
    }

    static ReviewJson review(String primary) {
        return new ReviewJson(
                "S-4F7Q2LTB",
                0.25,
                0.20,
                0.95,
                new SpecimenJson.Frame("F-0123456789ABCDEF", 512, 6, 5, 5, primary, 0.42, 1, "BLASTS_SUSPECTED"),
                false,
                List.of(
                        new ReviewJson.Step(1, 1, 0.03, 1),
                        new ReviewJson.Step(2, 2, 0.15, 1),
                        new ReviewJson.Step(3, 3, 0.26, 1),
                        new ReviewJson.Step(4, 4, 0.35, 1),
                        new ReviewJson.Step(5, 5, 0.42, 1)),
                List.of(new ReviewJson.Reader(primary, 6, true), new ReviewJson.Reader("Dr Lind", 3, false)),
                List.of(new ReviewJson.TwoReaders(
                        primary,
                        "Dr Lind",
                        3,
                        2,
                        0.4,
                        List.of(new ReviewJson.Disagreement(DRAWN, "/api/v1/cells/x/crop", "BLAST", "NOT_BLAST")))),
                List.of(
                        new ReviewJson.Event(
                                "e3", "CELL_LABELLED", DRAWN, true, "NOT_BLAST", "BLAST", primary, NOW.minusSeconds(3)),
                        new ReviewJson.Event(
                                "e2", "LABEL_WITHDRAWN", DRAWN, true, "BLAST", null, primary, NOW.minusSeconds(9)),
                        new ReviewJson.Event(
                                "e1", "CELL_LABELLED", DRAWN, false, null, "BLAST", "Dr Lind", NOW.minusSeconds(60))));
    }

    private static SystemJson system() {
        return new SystemJson(
                "RUNNING",
                List.of(new SystemJson.Lane("ROUTINE", 312, 1), new SystemJson.Lane("STAT", 2, 0)),
                314,
                NOW.minusSeconds(75),
                IntStream.range(0, 60)
                        .mapToObj(minute -> new SystemJson.Minute(
                                NOW.minusSeconds(60L * (59 - minute)), minute * 7 % 90, minute % 11 == 0 ? 5 : 0))
                        .toList(),
                List.of(new SystemJson.Delay("ROUTINE", 500, 420, 1310), new SystemJson.Delay("STAT", 12, 110, 240)),
                List.of(new SystemJson.Model("leukostream-cells/2.0.0", "ab12", 2711, NOW.minusSeconds(2))),
                1,
                4,
                600,
                0);
    }

    private static void addReviews(Map<String, TemplateInstance> pages) {
        SpecimenJson specimen = full(suspected(), null);
        ReviewPages.Reader blinded = new ReviewPages.Reader("Dr Amara Okafor", true);
        ReviewPages.Desk desk = new ReviewPages.Desk(
                cell(12, null, null, null).cellId(), image("CLASSIFIED"), cell(1, null, null, null), "BLAST", null);
        pages.put(
                "review-begin",
                REVIEW_PAGES.page(specimen, NO_REVIEW, new ReviewPages.Reader(null, true), ReviewPages.Desk.EMPTY));
        pages.put("review-decided", REVIEW_PAGES.page(specimen, review(), blinded, desk));
        pages.put(
                "review-field-shown",
                REVIEW_PAGES.page(field(), review(), new ReviewPages.Reader("Dr Amara Okafor", false), desk));
        pages.put(
                "review-second", REVIEW_PAGES.page(specimen, review(), new ReviewPages.Reader("Dr Lind", true), desk));
        pages.put(
                "review-outgrown",
                REVIEW_PAGES.page(
                        specimen,
                        new ReviewJson(
                                "S-4F7Q2LTB", 0.25, 0.20, 0.95, null, true, List.of(), List.of(), List.of(), List.of()),
                        blinded,
                        new ReviewPages.Desk(null, null, null, null, "The specimen has no such cell.")));
        pages.put("label", new LabelPage(Pages.tile(cell(1, null, "BLAST", "Dr Lind")), "S-4F7Q2LTB", "", "Missing."));
    }

    static SpecimenJson field() {
        VerdictJson.Specimen cell = suspected();
        return full(
                new VerdictJson.Specimen(
                        cell.specimenId(),
                        cell.specimenType(),
                        "FIELD",
                        cell.state(),
                        cell.images(),
                        cell.cells(),
                        cell.blastFraction(),
                        cell.threshold(),
                        cell.triage(),
                        cell.reasons(),
                        cell.evidenceHash()),
                null);
    }

    static VerdictJson.Specimen specimen(
            String id, String state, VerdictJson.@Nullable Fraction fraction, List<String> reasons) {
        VerdictJson.Images images =
                fraction == null ? new VerdictJson.Images(3, 0, 3, 0) : new VerdictJson.Images(120, 113, 2, 5);
        VerdictJson.Cells cells =
                fraction == null ? new VerdictJson.Cells(0, 0, 0, 0) : new VerdictJson.Cells(512, 401, 9, 24);
        return new VerdictJson.Specimen(
                id, "BONE_MARROW", "CELL", state, images, cells, fraction, 0.25, triage(fraction), reasons, HASH);
    }

    private static VerdictJson.Triage triage(VerdictJson.@Nullable Fraction fraction) {
        VerdictJson.References references = new VerdictJson.References(13, 25);
        return fraction == null
                ? new VerdictJson.Triage(
                        "UNRANKED",
                        "Only 0 cells were counted: too few to compare.",
                        null,
                        null,
                        null,
                        "BUNDLE",
                        references,
                        0,
                        null)
                : new VerdictJson.Triage(
                        "URGENT",
                        "The model calls more of its cells blasts than in each of the 13 normal bone marrow specimens it was"
                                + " compared with.",
                        0.0714,
                        0.71,
                        new VerdictJson.Ratio(126, 24, 310),
                        "BUNDLE",
                        references,
                        512,
                        0.2);
    }

    static VerdictJson verdict(String patientId, VerdictJson.Specimen... specimens) {
        return new VerdictJson(
                patientId,
                specimens[0].state(),
                HASH,
                "leukostream-cells/2.0.0",
                NOW.minusSeconds(75),
                true,
                specimens[0].triage(),
                List.of(specimens));
    }

    /** What the old code says after a merge. */
    static VerdictJson merged() {
        return new VerdictJson(
                "P-0M1E2R3G",
                "INSUFFICIENT_CELLS",
                HASH,
                null,
                NOW.minusSeconds(75),
                true,
                null,
                List.of(),
                "P-7K2M9QXA");
    }

    static VerdictJson.Specimen suspected() {
        return specimen(
                "S-4F7Q2LTB",
                "BLASTS_SUSPECTED",
                HIGH,
                List.of(
                        "The interval of the blast fraction, 61–98 %, lies above the threshold of 25 %.",
                        "Sensitivity and specificity are those measured on 16 subjects the model had not seen."));
    }

    static VerdictJson.Specimen indeterminate() {
        return specimen("S-0A1B2C3D", "INDETERMINATE", WIDE, List.of("The interval spans the threshold of 25 %."));
    }

    static VerdictJson.Specimen withheld() {
        return specimen(
                "S-9Z8Y7X6W",
                "WITHHELD",
                HIGH,
                List.of("The calls fit no sensitivity and specificity that the model was validated with."));
    }

    static VerdictJson.Specimen below() {
        return specimen("S-5M6N7P8Q", "BLASTS_BELOW_THRESHOLD", LOW, List.of("The review decided."));
    }

    static VerdictJson.Specimen rejectedOnly() {
        return specimen("S-1R2S3T4V", "INSUFFICIENT_CELLS", null, List.of("No cell has been counted; 50 are needed."));
    }

    static AlertJson alert(String state, Duration untilDue) {
        return new AlertJson(
                SUSPECTED + ".1",
                SUSPECTED,
                "BLASTS_SUSPECTED",
                state,
                "BLASTS_SUSPECTED",
                HASH,
                NOW.minusSeconds(1500),
                NOW.plus(untilDue),
                state.equals("ESCALATED"),
                state.equals("ACKNOWLEDGED") ? "Dr Amara Okafor" : null,
                state.equals("ACKNOWLEDGED") ? NOW : null,
                null,
                NOW,
                state.equals("ESCALATED") ? 1 : 0,
                null,
                null,
                null,
                null);
    }

    /** An alert of a patient with all that happened to it. */
    static AlertJson inFull(String patientId, String... states) {
        String last = states[states.length - 1];
        List<AlertJson.Step> history = new ArrayList<>();
        for (String state : states) {
            history.add(new AlertJson.Step(
                    history.size() + 1,
                    state,
                    NOW.minusSeconds(1500 - 240L * history.size()),
                    state.equals("ACKNOWLEDGED") || state.equals("CLOSED") ? "Dr Amara Okafor" : null,
                    state.equals("ESCALATED") ? "the ward’s physician" : null,
                    switch (state) {
                        case "NOTIFIED" -> "Delivered by pager.";
                        case "ESCALATED" ->
                            "Nobody acknowledged it within 15 minutes: rung 1 of 2, the ward’s physician.";
                        case "CLOSED" -> "Seen; flow cytometry is on its way.";
                        case "SUPERSEDED" -> "The fraction of blasts lies below the threshold.";
                        default -> null;
                    }));
        }
        List<String> taken = List.of(states);
        boolean acknowledged = taken.contains("ACKNOWLEDGED");
        String id = patientId + ".1";
        return new AlertJson(
                id,
                patientId,
                "BLASTS_SUSPECTED",
                last,
                "BLASTS_SUSPECTED",
                HASH,
                NOW.minusSeconds(1500),
                NOW.minusSeconds(600),
                taken.contains("ESCALATED"),
                acknowledged ? "Dr Amara Okafor" : null,
                acknowledged ? NOW.minusSeconds(300) : null,
                history.getLast().reason(),
                NOW,
                taken.contains("ESCALATED") ? 1 : 0,
                acknowledged || last.equals("SUPERSEDED")
                        ? null
                        : new AlertJson.NextEscalation(2, NOW.plusSeconds(240), "the head of haematology"),
                taken.contains("CLOSED") ? "Dr Amara Okafor" : null,
                history,
                List.of(
                        new AlertJson.Delivery(
                                "RAISED", "STREAM", null, null, 1, "DELIVERED", null, null, NOW.minusSeconds(1500)),
                        new AlertJson.Delivery(
                                "RAISED",
                                "WEBHOOK",
                                "pager",
                                id + ".RAISED",
                                1,
                                "FAILED",
                                "The receiver answered 503.",
                                NOW.minusSeconds(1480),
                                NOW.minusSeconds(1490)),
                        new AlertJson.Delivery(
                                "RAISED",
                                "WEBHOOK",
                                "pager",
                                id + ".RAISED",
                                2,
                                "DELIVERED",
                                null,
                                null,
                                NOW.minusSeconds(1480)),
                        new AlertJson.Delivery(
                                "ESCALATED",
                                "E_MAIL",
                                "on-call",
                                id + ".ESCALATED.1",
                                4,
                                "FAILED",
                                "The mail server cannot be reached.",
                                NOW.plusSeconds(30),
                                NOW.minusSeconds(20))));
    }

    static AlertsPage inbox(AlertJson... alerts) {
        return INBOX.inbox(
                List.of(alerts),
                "1",
                List.of(
                        new ChannelHealth("pager", Channel.Kind.WEBHOOK, 0, 1, 0, NOW.minusSeconds(60), null),
                        new ChannelHealth(
                                "on-call", Channel.Kind.E_MAIL, 4, 4, 2, null, "The mail server cannot be reached.")));
    }

    static PatientJson line(String patientId, VerdictJson.Specimen specimen, @Nullable AlertJson alert) {
        return new PatientJson(
                patientId,
                specimen.state(),
                NOW.minusSeconds(75),
                specimen.specimenId(),
                specimen.specimenType(),
                specimen.kind(),
                1,
                specimen.images(),
                specimen.cells(),
                specimen.blastFraction(),
                specimen.threshold(),
                specimen.triage(),
                alert);
    }

    static SpecimenJson full(VerdictJson.Specimen specimen, @Nullable String reader) {
        SpecimenJson.Frame frame = reader == null
                ? null
                : new SpecimenJson.Frame("f1", 521, 24, 23, 21, reader, 0.7, 0.99, "BLASTS_SUSPECTED");
        return new SpecimenJson(
                SUSPECTED, specimen, List.of("leukostream-cells/2.0.0"), differential(specimen), 37, frame);
    }

    private static List<TypeShare> differential(VerdictJson.Specimen specimen) {
        return specimen.cells().counted() == 0
                ? List.of()
                : List.of(
                        new TypeShare("BLAST", 301, 301 / 512.0),
                        new TypeShare("LYMPHOCYTE", 150, 150 / 512.0),
                        new TypeShare("IMMATURE_GRANULOCYTE", 41, 41 / 512.0),
                        new TypeShare("ERYTHROBLAST", 8, 8 / 512.0),
                        new TypeShare(TypeShare.NOT_TYPED, 12, 12 / 512.0));
    }

    /** Fourteen days of a scanner whose focus falls off on the last one, and the first day of another. */
    static DriftJson drift() {
        List<DriftJson.Day> days = new java.util.ArrayList<>();
        for (int back = 0; back < 14; back++) {
            Double wave = back > 11 ? null : (Double) (1.4 * Math.sin(back * 1.3));
            Double focus = back == 0 ? (Double) (-4.2) : wave;
            days.add(new DriftJson.Day(
                    "scanner-2",
                    LocalDate.parse("2026-11-23").minusDays(back),
                    5 + back % 3,
                    120 + back,
                    back == 4 ? 2 : 0,
                    640,
                    back == 0 ? 480 : 600,
                    back == 0
                            ? List.of(
                                    new DriftJson.GateShare("OUT_OF_FOCUS", 120, 0.1875),
                                    new DriftJson.GateShare("TOUCHES_BORDER", 40, 0.0625))
                            : List.of(new DriftJson.GateShare("TOUCHES_BORDER", 40, 0.0625)),
                    List.of(new TypeShare("LYMPHOCYTE", 300, 0.625), new TypeShare("BLAST", 180, 0.375)),
                    new DriftJson.Figure(back == 0 ? 61.0 : 214.0 + back, focus),
                    new DriftJson.Figure(172.0 + back % 4, wave == null ? null : (Double) (-wave)),
                    new DriftJson.Figure(0.41 + 0.01 * back, wave == null ? null : (Double) (wave / 2)),
                    60,
                    focus == null ? null : (Double) Math.abs(focus),
                    back == 0));
        }
        days.add(new DriftJson.Day(
                null,
                LocalDate.parse("2026-11-20"),
                1,
                3,
                0,
                0,
                0,
                List.of(),
                List.of(),
                new DriftJson.Figure(180.0, null),
                new DriftJson.Figure(90.0, null),
                new DriftJson.Figure(null, null),
                0,
                null,
                false));
        return new DriftJson(3, 30, 10, days);
    }

    static CellJson cell(int number, @Nullable String gate, @Nullable String label, @Nullable String reviewer) {
        String imageId = "S-4F7Q2LTB.ABCDEFGHIJKLMNOPQRSTUVWX" + (number % 7);
        double probability = 1 - number / 40.0;
        return new CellJson(
                imageId + "." + 90 * number + "-40-80-82",
                imageId,
                new CellJson.Box(90 * number, 40 + 30 * (number % 5), 80, 82),
                78.5,
                probability >= 0.5 ? "BLAST" : "NOT_BLAST",
                probability,
                number % 8 == 7
                        ? null
                        : List.of("BLAST", "LYMPHOCYTE", "IMMATURE_GRANULOCYTE").get(number % 3),
                gate,
                gate == null && number % 6 == 2,
                label,
                reviewer,
                "/api/v1/cells/" + imageId + "/crop");
    }

    static Page<CellJson> cells() {
        List<CellJson> cells = IntStream.range(0, 40)
                .mapToObj(number -> cell(
                        number,
                        number % 9 == 4 ? (number % 2 == 0 ? "TOUCHES_BORDER" : "UNLIKE_TRAINING") : null,
                        number % 5 == 1 ? "BLAST" : null,
                        number % 5 == 1 ? (number % 2 == 0 ? "Dr Amara Okafor" : "simulated-haematologist") : null))
                .toList();
        return new Page<>(cells, "1");
    }

    static ImageJson image(String outcome) {
        return image(
                outcome,
                outcome.equals("CLASSIFIED")
                        ? List.of(
                                cell(1, null, null, null),
                                cell(4, "TOUCHES_BORDER", null, null),
                                cell(12, null, null, null),
                                cell(31 % 17, null, null, null))
                        : List.of());
    }

    static ImageJson image(String outcome, List<CellJson> cells) {
        boolean classified = outcome.equals("CLASSIFIED");
        boolean rejected = outcome.equals("REJECTED");
        return new ImageJson(
                "S-4F7Q2LTB.ABCDEFGHIJKLMNOPQRSTUVWXYZ",
                "S-4F7Q2LTB",
                outcome,
                rejected ? "IMAGE_TRUNCATED" : null,
                rejected ? "The file ends before the picture does." : null,
                1,
                new ImageJson.Receipt(1, 48_711, "ROUTINE", "scanner-2", NOW.minusSeconds(90)),
                new ImageJson.Coordinates("smear.images", 4, 1711),
                classified ? new ImageJson.Model("leukostream-cells", "2.0.0", "ab12", 0.5) : null,
                classified ? new ImageJson.Quality(1600, 1200, 0.1, "STATED", 120, 180, 0.01) : null,
                outcome.equals("PENDING") ? null : NOW.minusSeconds(89),
                classified ? "/api/v1/images/x/display" : null,
                cells);
    }

    static AccountingJson accounting(boolean pending) {
        return new AccountingJson(
                new AccountingJson.Totals(
                        363,
                        340,
                        8,
                        Map.of("IMAGE_TRUNCATED", 8),
                        pending ? 15 : 0,
                        12,
                        pending ? NOW.minusSeconds(400) : null,
                        pending ? "S-4F7Q2LTB.ABCDEFGHIJKLMNOPQRSTUVWXYZ" : null),
                1,
                List.of(
                        new AccountingJson.Line("S-4F7Q2LTB", SUSPECTED, "REGISTERED", 120, 113, 2, Map.of(), 5, NOW),
                        new AccountingJson.Line(
                                "S-0A1B2C3D", "P-Q4W8E2R6", "REGISTERED", 231, 227, 4, Map.of(), 0, null),
                        new AccountingJson.Line("S-XXXX0000", null, "UNKNOWN_SPECIMEN", 12, 12, 0, Map.of(), 0, null)),
                new AccountingJson.Overdue(600, pending ? 3 : 0),
                List.of(
                        new AccountingJson.ScannerLine(
                                "scanner-2",
                                300,
                                pending ? 277 : 292,
                                8,
                                Map.of("IMAGE_TRUNCATED", 8),
                                pending ? 15 : 0,
                                pending ? NOW.minusSeconds(400) : null),
                        new AccountingJson.ScannerLine(null, 63, 63, 0, Map.of(), 0, null)),
                List.of(new AccountingJson.DayLine(
                        LocalDate.parse("2026-11-23"),
                        363,
                        pending ? 340 : 355,
                        8,
                        Map.of("IMAGE_TRUNCATED", 8),
                        pending ? 15 : 0,
                        pending ? NOW.minusSeconds(400) : null)));
    }

    static AuditJson audit() {
        String signature = "B9MlGGe+vFT/TU/zzSAuGCe91YG2VkkyEQo7aap8hU7raoCtw6MOZ1YthN2k49QUTmxdvPkAsRJ642nqvaq9AQ==";
        String hash = HASH.substring("sha256:".length());
        List<AuditJson.Link> links = List.of(
                link(3, "ALERT_RAISED", "leukostream", "Alert P-7K2M9QXA.1 on blasts suspected is raised.", true),
                link(
                        2,
                        "VERDICT_CHANGED",
                        "leukostream",
                        "Specimen S-4F7Q2LTB went from indeterminate to blasts suspected; the patient's verdict is"
                                + " blasts suspected.",
                        true),
                link(1, "FRAME_OPENED", "Dr Amara Okafor", "Opened a frame of all cells for a review.", false));
        return new AuditJson(
                SUSPECTED, links, "1", new AuditJson.Head(SUSPECTED, 3, hash, NOW, signature, "436b18bf00f1e9e2"));
    }

    private static AuditJson.Link link(long number, String event, String actor, String words, boolean verified) {
        String hash = HASH.substring("sha256:".length());
        return new AuditJson.Link(
                number,
                event,
                words,
                actor,
                "{}",
                NOW.minusSeconds(600 - number),
                hash,
                hash,
                verified ? "B9Ml" : null,
                verified ? "436b18bf00f1e9e2" : null,
                verified);
    }

    /** A ward with every state. */
    static WorklistPage ward() {
        AlertJson alert = alert("ESCALATED", Duration.ofMinutes(-5));
        List<PatientJson> lines = List.of(
                line(SUSPECTED, suspected(), alert),
                line("P-T3H5K9VB", suspected(), null),
                line("P-C8D7F2G1", withheld(), null),
                line("P-Q4W8E2R6", indeterminate(), null),
                line("P-1R2S3T4V", rejectedOnly(), null),
                line("P-5M6N7P8Q", below(), null));
        Map<String, Integer> counts = Map.of(
                "BLASTS_SUSPECTED", 2,
                "WITHHELD", 1,
                "INDETERMINATE", 1,
                "INSUFFICIENT_CELLS", 1,
                "BLASTS_BELOW_THRESHOLD", 1);
        return PAGES.worklist(counts, new Page<>(lines, "1"), Set.of("S-5M6N7P8Q"), "", "", "", List.of(alert));
    }

    /** Every page in the states that a reader meets, by a name for its file. */
    static Map<String, TemplateInstance> pages() {
        Map<String, TemplateInstance> pages = new LinkedHashMap<>();
        pages.put("worklist", ward());
        pages.put(
                "worklist-empty",
                PAGES.worklist(Map.of(), new Page<>(List.of(), null), Set.of(), "", "", "", List.of()));
        pages.put(
                "worklist-no-match",
                PAGES.worklist(
                        Map.of("WITHHELD", 2), new Page<>(List.of(), null), Set.of(), "", "", "P-NONE", List.of()));
        pages.put(
                "patient-suspected",
                PAGES.patient(
                        verdict(SUSPECTED, suspected(), indeterminate()),
                        Map.of(suspected().specimenId(), SIMULATED),
                        List.of(alert("RAISED", Duration.ofMinutes(35))),
                        Map.of(
                                suspected().specimenId(),
                                NOW,
                                indeterminate().specimenId(),
                                NOW.minus(Duration.ofDays(9)))));
        pages.put(
                "patient-acknowledged",
                PAGES.patient(
                        verdict(SUSPECTED, suspected()),
                        Map.of(),
                        List.of(alert("ACKNOWLEDGED", Duration.ZERO)),
                        Map.of()));
        pages.put("patient-merged", PAGES.patient(merged(), Map.of(), List.of(), Map.of()));
        pages.put("patient-withheld", PAGES.patient(verdict("P-C8D7F2G1", withheld()), Map.of(), List.of(), Map.of()));
        pages.put(
                "report-suspected",
                new ReportPage(
                        PAGES.patient(
                                verdict(SUSPECTED, suspected()),
                                Map.of(
                                        suspected().specimenId(),
                                        List.of(new Reviewer("Dr Amara Okafor", 24), new Reviewer("Dr Bela Kun", 20))),
                                List.of(alert("ACKNOWLEDGED", Duration.ZERO)),
                                Map.of()),
                        Moment.of(NOW, ZoneOffset.UTC)));
        pages.put(
                "report-rejected-only",
                new ReportPage(
                        PAGES.patient(verdict("P-1R2S3T4V", rejectedOnly(), below()), Map.of(), List.of(), Map.of()),
                        Moment.of(NOW, ZoneOffset.UTC)));
        pages.put("audit", AuditPage.of(audit(), ZoneOffset.UTC));
        pages.put("audit-empty", AuditPage.of(new AuditJson(SUSPECTED, List.of(), null, null), ZoneOffset.UTC));
        pages.put(
                "patient-below",
                PAGES.patient(
                        verdict("P-5M6N7P8Q", below()),
                        Map.of(below().specimenId(), List.of(new Reviewer("Dr Okafor", 1))),
                        List.of(),
                        Map.of()));
        pages.put(
                "patient-rejected-only",
                PAGES.patient(verdict("P-1R2S3T4V", rejectedOnly()), Map.of(), List.of(), Map.of()));
        pages.put(
                "specimen",
                PAGES.specimen(
                        full(suspected(), "simulated-haematologist"), SIMULATED, cells(), REJECTED, GALLERY, review()));
        pages.put(
                "specimen-rejected-only",
                PAGES.specimen(
                        full(rejectedOnly(), null),
                        List.of(),
                        new Page<>(List.of(), null),
                        REJECTED,
                        GALLERY,
                        NO_REVIEW));
        pages.put("accounting", PAGES.accounting(accounting(true)));
        pages.put(
                "accounting-empty",
                PAGES.accounting(new AccountingJson(
                        new AccountingJson.Totals(0, 0, 0, Map.of(), 0, 0, null, null),
                        0,
                        List.of(),
                        new AccountingJson.Overdue(600, 0),
                        List.of(),
                        List.of())));
        pages.put("rejections", PAGES.rejections());
        pages.put("image-classified", PAGES.image(image("CLASSIFIED"), field()));
        pages.put("image-rejected", PAGES.image(image("REJECTED"), full(suspected(), null)));
        pages.put("image-pending", PAGES.image(image("PENDING"), null));
        pages.put(
                "alerts",
                inbox(
                        inFull(SUSPECTED, "RAISED", "NOTIFIED", "ESCALATED"),
                        inFull("P-9F3H7K2M", "RAISED"),
                        inFull("P-2B4C6D8F", "RAISED", "NOTIFIED", "ACKNOWLEDGED"),
                        inFull("P-5M6N7P8Q", "RAISED", "ACKNOWLEDGED", "CLOSED"),
                        inFull("P-8T6R4E2W", "RAISED", "NOTIFIED", "SUPERSEDED")));
        pages.put("alerts-empty", INBOX.inbox(List.of(), null, List.of()));
        pages.put(
                "close",
                INBOX.close(
                        inFull(SUSPECTED, "RAISED", "ACKNOWLEDGED"),
                        "The field note is missing or empty.",
                        "Dr A",
                        ""));
        pages.put("close-not-yet", INBOX.close(inFull(SUSPECTED, "RAISED"), null, "", ""));
        pages.put("scanners", PAGES.scanners(drift()));
        pages.put("scanners-empty", PAGES.scanners(new DriftJson(3, 30, 10, List.of())));
        pages.put("system", PAGES.system(system()));
        pages.put(
                "system-unknown",
                PAGES.system(
                        new SystemJson("REBALANCING", null, 0, null, List.of(), List.of(), List.of(), 0, 0, 600, 0)));
        pages.put("image-search", new ImageSearchPage());
        pages.put(
                "acknowledge",
                PAGES.acknowledge(
                        alert("RAISED", Duration.ofMinutes(35)), "The code does not match.", "Dr Okafor", "P-7K", ""));
        pages.put("acknowledged", PAGES.acknowledge(alert("ACKNOWLEDGED", Duration.ZERO), null, "", "", ""));
        addReviews(pages);
        pages.put("notice", new NoticePage("No such patient", "Check the code; it begins with P-."));
        return pages;
    }
}
