package io.leukostream.results.dashboard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leukostream.results.rest.CellJson;
import io.leukostream.results.rest.ImageJson;
import io.leukostream.results.rest.Page;
import io.leukostream.results.rest.SpecimenJson;
import io.leukostream.results.rest.TypeShare;
import io.leukostream.results.rest.VerdictJson;
import io.quarkus.qute.TemplateInstance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PagesTest {

    private static final String ATTACK = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>";
    private static final PageRenderer RENDERER = new PageRenderer();

    /** Where a developer finds the pages to look at. */
    private static final Path KEPT = Path.of("target", "pages");

    @BeforeAll
    static void keepThePages() throws IOException {
        Files.createDirectories(KEPT);
        for (String name : Samples.pages().keySet()) {
            Files.writeString(KEPT.resolve(name + ".html"), page(name));
        }
    }

    static Stream<String> everyPage() {
        return Samples.pages().keySet().stream();
    }

    private static String page(String name) {
        return RENDERER.render(Samples.pages().get(name));
    }

    @ParameterizedTest
    @MethodSource("everyPage")
    void everyPageSaysResearchUseOnlyAndGivesNoAllClear(String name) {
        // When
        String html = page(name);

        // Then
        assertTrue(html.contains("Research use only — a haematologist decides"));
        String lower = html.toLowerCase(Locale.ROOT);
        for (String allClear : List.of("negative", "no leukaemia", "no leukemia", "all clear", "healthy")) {
            assertFalse(lower.contains(allClear), allClear);
        }
    }

    @ParameterizedTest
    @MethodSource("everyPage")
    void everyPageIsStrictlyFromHereAndHasNoInlineCode(String name) {
        // When
        String html = page(name);

        // Then
        assertFalse(Pattern.compile("<script(?![^>]* src=)").matcher(html).find());
        assertFalse(Pattern.compile("\\s(style|on[a-z]+)=").matcher(html).find());
        assertFalse(Pattern.compile("(src|href|action)=\"(https?:)?//")
                .matcher(html)
                .find());
        // Qute's word for what it does not find; the page of all codes has a code of that name.
        String code = "<div id=\"NOT_FOUND\"><dt><code>NOT_FOUND</code>";
        assertFalse(html.replace(code, "").contains("NOT_FOUND"));
    }

    @Test
    void aMergedPatientLeadsToTheOtherAndHasNoStateOfItsOwn() {
        // When
        String html = page("patient-merged");

        // Then
        assertTrue(
                html.contains("Merged into <a class=\"code\" id=\"merged-into\" href=\"/patients/P-7K2M9QXA\">"), html);
        assertFalse(html.contains("Too few"), html);
    }

    @ParameterizedTest
    @MethodSource("everyPage")
    void everyIdIsOnItsPageOnce(String name) {
        // When
        List<String> ids = all(page(name), "\\sid=\"([^\"]*)\"");

        // Then
        Set<String> seen = new HashSet<>();
        for (String id : ids) {
            assertTrue(seen.add(id), id);
        }
    }

    @ParameterizedTest
    @MethodSource("everyPage")
    void everyAssetAPageNamesIsInTheBuild(String name) {
        // When
        List<String> assets = all(page(name), "(?:src|href)=\"(/(?:dashboard|webjars)/[^\"?]*)");

        // Then
        assertFalse(assets.isEmpty());
        for (String asset : assets) {
            assertNotNull(getClass().getResource("/META-INF/resources" + asset), asset);
        }
    }

    @Test
    void whatOthersWroteIsEscapedEverywhere() {
        // Given
        VerdictJson.Specimen specimen = Samples.specimen(
                "S-4F7Q2LTB", "WITHHELD" + ATTACK, Samples.suspected().blastFraction(), List.of(ATTACK));
        List<TemplateInstance> pages = List.of(
                Samples.PAGES.patient(
                        Samples.verdict(ATTACK, specimen),
                        Map.of("S-4F7Q2LTB", List.of(new Reviewer(ATTACK, 1))),
                        List.of(),
                        Map.of()),
                Samples.PAGES.specimen(
                        Samples.full(specimen, ATTACK),
                        List.of(new Reviewer(ATTACK, 1)),
                        new Page<>(List.of(Samples.cell(1, ATTACK, ATTACK, ATTACK)), null),
                        List.of(new SpecimenPage.RejectedImage(
                                ATTACK, ATTACK, ATTACK, new Advice(ATTACK, ATTACK, ATTACK))),
                        Samples.GALLERY,
                        Samples.review(ATTACK)),
                Samples.REVIEW_PAGES.page(
                        Samples.full(specimen, ATTACK),
                        Samples.review(ATTACK),
                        new ReviewPages.Reader(ATTACK, true),
                        new ReviewPages.Desk(null, null, null, null, ATTACK)),
                new LabelPage(Pages.tile(Samples.cell(1, ATTACK, ATTACK, ATTACK)), "S-4F7Q2LTB", ATTACK, ATTACK),
                Samples.PAGES.worklist(
                        Map.of("WITHHELD", 1),
                        new Page<>(List.of(Samples.line(ATTACK, specimen, null)), null),
                        Set.of(),
                        ATTACK,
                        ATTACK,
                        ATTACK,
                        List.of()),
                Samples.PAGES.acknowledge(
                        Samples.alert("RAISED", Duration.ofMinutes(1)), ATTACK, ATTACK, ATTACK, ATTACK),
                Samples.inbox(Samples.inFull(ATTACK, "RAISED", ATTACK)),
                Samples.INBOX.close(Samples.inFull(ATTACK, "RAISED", "ACKNOWLEDGED"), ATTACK, ATTACK, ATTACK),
                new ImagePage(
                        ATTACK,
                        ATTACK,
                        ATTACK,
                        null,
                        ATTACK,
                        null,
                        ATTACK,
                        null,
                        ATTACK,
                        ATTACK,
                        ATTACK,
                        new Advice(ATTACK, ATTACK, ATTACK),
                        2,
                        null,
                        List.of(),
                        false),
                new NoticePage(ATTACK, ATTACK));

        for (TemplateInstance page : pages) {
            // When
            String html = RENDERER.render(page);

            // Then
            assertFalse(html.contains("<script>alert"), page.getClass().getSimpleName());
            assertFalse(html.contains("<img src=x"), page.getClass().getSimpleName());
            assertTrue(html.contains("&lt;script&gt;alert"), page.getClass().getSimpleName());
        }
    }

    @Test
    void anOverdueImageIsAnAlertOnTheAccountingAndTheSystemPage() {
        // When
        String accounting = page("accounting");
        String system = page("system");
        String calm = page("accounting-empty");

        // Then
        assertTrue(accounting.contains("3 images have been pending for longer than 10 min."), accounting);
        assertTrue(system.contains("4 images have been pending for longer than 10 min."), system);
        assertFalse(calm.contains("have been pending"));
        assertTrue(accounting.replaceAll("\\s+", " ").contains("<th scope=\"row\">not stated</th>"), accounting);
    }

    @Test
    void aRejectedImageSaysWhatItsCodeMeansWithTheDocumentsWordsAndALinkThatLeadsThere() {
        // When
        String image = page("image-rejected");
        String specimen = page("specimen");
        String codes = page("rejections");

        // Then
        for (String html : List.of(image, specimen)) {
            assertTrue(html.contains("The file ends before the image does."), html);
            assertTrue(html.contains("Send again from the scanner: the copy was cut short."), html);
            assertTrue(html.contains("href=\"/rejections#IMAGE_TRUNCATED\""), html);
        }
        assertTrue(codes.contains("id=\"IMAGE_TRUNCATED\""), codes);
        assertTrue(codes.contains("<code>refused/&lt;name&gt;.problem.json</code>"), codes);
        assertTrue(codes.contains("<strong>A possible mix-up.</strong>"), codes);
    }

    @Test
    void theInboxTellsTheClockTheNextRungAndWhomItReached() {
        // When
        String html = page("alerts").replaceAll("\\s+", " ");

        // Then
        assertTrue(
                html.contains(
                        "rung 2, to the head of haematology: <strong class=\"due\" data-due=\"2026-11-23T14:34:00Z\">due in 4 min</strong>"));
        assertTrue(html.contains("overdue by 10 min"));
        assertTrue(html.contains("delivered at attempt 2"));
        assertTrue(html.contains("failed 4 times"));
        assertTrue(html.contains("dead: failed 4 times in a row"));
        assertTrue(html.contains("by Dr Amara Okafor: Seen; flow cytometry is on its way."));
        assertEquals(2, all(html, "href=\"(/alerts/[^\"]*/acknowledge)\"").size());
        assertEquals(List.of("/alerts/P-2B4C6D8F.1/close"), all(html, "href=\"(/alerts/[^\"]*/close)\""));
        assertTrue(html.indexOf("P-2B4C6D8F") < html.indexOf("Closed and superseded"));
        assertTrue(html.indexOf("P-5M6N7P8Q") > html.indexOf("Closed and superseded"));
    }

    @Test
    void theWorklistShowsEachStateInWordsWithItsIcon() {
        // When
        String html = page("worklist");

        // Then
        for (String words : List.of(
                "Blasts suspected",
                "Verdict withheld",
                "Indeterminate",
                "Not enough cells",
                "Blasts below the threshold of 25 %")) {
            assertTrue(
                    Pattern.compile(
                                    "<span class=\"state tone-[a-z]+\"><svg[^>]*>.*?</svg><span>" + words,
                                    Pattern.DOTALL)
                            .matcher(html)
                            .find(),
                    words);
        }
        assertTrue(html.contains("overdue by 5 min"));
        assertTrue(html.contains("no cell counted"));
    }

    @Test
    void anEmptyWorklistSaysHowToPushImages() {
        // When
        String html = page("worklist-empty");

        // Then
        assertTrue(html.contains("./leukostream scan"));
        assertFalse(html.contains("<table"));
    }

    @Test
    void aManyPagedWorklistKeepsItsFilterAndSearch() {
        // Given
        Page<io.leukostream.results.rest.PatientJson> page =
                new Page<>(List.of(Samples.line("P-1", Samples.withheld(), null)), "3");

        // When
        WorklistPage worklist = Samples.PAGES.worklist(
                Map.of("WITHHELD", 250), page, Set.of(), "WITHHELD", "URGENT", "P-1 &", List.of());

        // Then
        assertEquals("/?state=WITHHELD&triage=URGENT&q=P-1+%26&page=3", worklist.next());
        assertEquals(
                List.of("WITHHELD"),
                worklist.filters().stream()
                        .filter(WorklistPage.StateFilter::selected)
                        .map(filter ->
                                filter.state() == null ? "" : filter.state().code())
                        .toList());
    }

    @Test
    void onlyWhatWaitsForSomebodyIsAnOpenAlertAndTheMostUrgentIsFirst() {
        // Given
        var late = Samples.alert("ESCALATED", Duration.ofMinutes(-5));
        var soon = Samples.alert("RAISED", Duration.ofMinutes(3));
        var done = Samples.alert("ACKNOWLEDGED", Duration.ofMinutes(-30));

        // When
        WorklistPage worklist = Samples.PAGES.worklist(
                Map.of(), new Page<>(List.of(), null), Set.of(), "", "", "", List.of(soon, done, late));

        // Then
        assertEquals(
                List.of("overdue by 5 min", "due in 3 min"),
                worklist.alerts().stream().map(AlertCard::countdown).toList());
    }

    @Test
    void thePatientPageSaysWhatTheFractionIsOfAndWhatItRestsOn() {
        // When
        String html = page("patient-suspected");

        // Then
        assertTrue(html.contains("Between 61.2 % and 98.1 % of classified lymphoid cells are estimated to be blasts"));
        assertTrue(html.contains("<title id=\"bar-S-4F7Q2LTB-title\">"));
        assertTrue(html.contains("<span class=\"tag\">MODEL</span>"));
        assertTrue(html.contains("data-copy=\"" + Samples.HASH + "\""));
        assertTrue(html.contains("4f1c09a7be52<"));
        assertTrue(html.contains("leukostream-cells/2.0.0"));
    }

    @Test
    void labelsOfASimulatedReviewerAreMarked() {
        // Then
        assertTrue(page("patient-suspected").contains("simulated reviewer, not a person"));
        assertTrue(page("specimen").contains("class=\"label simulated\""));
        assertTrue(page("worklist").contains("labels of a simulated reviewer"));
        assertFalse(page("patient-below").contains("simulated"));
    }

    @Test
    void aVerdictBelowTheThresholdDoesNotExcludeLeukaemia() {
        // When
        String html = page("patient-below");

        // Then
        assertTrue(html.contains("Blasts below the threshold of 25 %"));
        assertTrue(html.contains("That does not exclude leukaemia."));
        assertTrue(html.contains("of the white cells found"));
    }

    @Test
    void aSpecimenOfWhichAllImagesWereRejectedShowsWhy() {
        // When
        String html = page("specimen-rejected-only");

        // Then
        assertTrue(html.contains("No cell has been counted, so there is no fraction to show."));
        assertTrue(html.contains("<code>IMAGE_TRUNCATED</code>"));
        assertTrue(html.contains("The file ends before the picture does."));
    }

    @Test
    void theGalleryLoadsItsCropsWhenTheyAreSeen() {
        // When
        String html = page("specimen");

        // Then
        assertEquals(
                40,
                all(html, "(<img src=\"/api/v1/cells/[^>]*width=\"112\"[^>]*loading=\"lazy\")")
                        .size());
        assertTrue(html.contains("not counted: touches the border"));
        assertTrue(html.contains("page=1#cells\">More cells"));
    }

    @Test
    void theDifferentialIsTheModelsAndLeadsToTheCellsOfEachType() {
        // When
        String html = page("specimen");

        // Then
        assertTrue(html.contains("Research use only: these are the model’s words for single cells"));
        assertTrue(html.contains(
                "<a href=\"/specimens/S-4F7Q2LTB?label=all&amp;type=IMMATURE_GRANULOCYTE&amp;order=probability&amp;page=0#cells\">"
                        + "Immature granulocyte</a>"));
        assertTrue(html.contains("<td class=\"number\">301</td><td class=\"number\">58.8 %</td>"));
        assertTrue(html.contains(">Not typed</a>"));
        assertTrue(
                html.contains(
                        "label=doubtful&amp;order=probability&amp;page=0#cells\">37 doubtful cells</a> among the 512 that count"));
        assertEquals(
                Samples.cells().items().stream().filter(CellJson::doubtful).count(),
                all(html, "(<span class=\"doubtful\")").size());
        assertEquals(
                5, all(html, "(<rect class=\"part-of\" width=\"[0-9.]+%\")").size());
        assertFalse(page("specimen-rejected-only").contains("id=\"differential\""));
    }

    @Test
    void aModelWithoutTypesHasNoDifferentialAndNoFilterByTypeButMayDoubt() {
        // Given
        SpecimenJson full = Samples.full(Samples.suspected(), null);
        SpecimenJson untyped = new SpecimenJson(
                full.patientId(),
                full.verdict(),
                full.modelVersions(),
                List.of(new TypeShare(TypeShare.NOT_TYPED, 512, 1)),
                1,
                null);

        // When
        String html = RENDERER.render(Samples.PAGES.specimen(
                untyped, List.of(), new Page<>(List.of(), null), List.of(), Samples.GALLERY, Samples.NO_REVIEW));

        // Then
        assertTrue(html.contains("The model at work gives no cell types."));
        assertTrue(html.contains(">1 doubtful cell</a> among the 512 that count"));
        assertFalse(html.contains("aria-label=\"Of which type\""));
    }

    @Test
    void aGalleryOfOneTypeKeepsItInEveryLink() {
        // When
        SpecimenPage page = Samples.PAGES.specimen(
                Samples.full(Samples.suspected(), null),
                List.of(),
                Samples.cells(),
                List.of(),
                Gallery.of("blast", "BLAST & CO", "random", 2),
                Samples.NO_REVIEW);

        // Then
        assertEquals("/specimens/S-4F7Q2LTB?label=blast&type=BLAST+%26+CO&order=random&page=3#cells", page.next());
        assertTrue(page.labels().stream().allMatch(choice -> choice.href().contains("type=BLAST+%26+CO")));
        assertEquals(
                "/specimens/S-4F7Q2LTB?label=blast&order=random&page=0#cells",
                page.types().getFirst().href());
    }

    @Test
    void aBlindedReviewHidesTheCallOfTheCellOnTheDeskOnly() {
        // When
        String blinded = page("review-decided");
        String shown = page("review-field-shown");

        // Then
        assertFalse(blinded.contains("The model calls it"));
        assertTrue(blinded.contains("the model called it"));
        assertTrue(shown.contains("The model calls it"));
    }

    @Test
    void aSecondReaderSeesNeitherTheIntervalNorTheOthersLabelsBeforeGivingOwn() {
        // When
        String second = page("review-second");

        // Then
        assertTrue(second.contains("Second reading"));
        assertFalse(second.contains("id=\"review-bar"));
        assertFalse(second.contains("Not blast → Blast"));
    }

    @Test
    void eachCellOfAFieldIsBoxedTypedAndReachable() {
        // When
        String html = page("image-classified");

        // Then
        List<String> boxes = all(html, "<a class=\"boxed [^\"]*\" id=\"box-([^\"]*)\" href=\"#cell-\\1\"");
        assertEquals(4, boxes.size());
        assertTrue(boxes.stream()
                .allMatch(cell -> html.contains("<figure class=\"cell") && html.contains("id=\"cell-" + cell)));
        assertTrue(html.contains(
                "aria-label=\"Lymphocyte, called blast, probability 0.90, not counted: touches the border\""));
        assertTrue(Pattern.compile("<a class=\"boxed tone-blast gated\".*?>touches the border</text>", Pattern.DOTALL)
                .matcher(html)
                .find());
        assertFalse(html.contains("role=\"img\" aria-label=\"The field"));
    }

    @Test
    void anImageWithADoubtfulCellSaysWhatThatMeansWhetherItShowsAFieldOrOneCell() {
        // Given
        ImageJson sound = Samples.image("CLASSIFIED", List.of(Samples.cell(1, null, null, null)));
        ImageJson doubtful = Samples.image("CLASSIFIED", List.of(Samples.cell(2, null, null, null)));

        // Then
        assertFalse(RENDERER.render(Samples.PAGES.image(sound, null)).contains("Doubtful"));
        assertTrue(RENDERER.render(Samples.PAGES.image(doubtful, null))
                .contains(
                        "<p class=\"quiet\">Doubtful: counted, and like cells that experts could not identify, or in"));
        assertTrue(RENDERER.render(Samples.PAGES.image(doubtful, Samples.field()))
                .contains("Doubtful (<strong>?</strong>): counted, and"));
    }

    @Test
    void wordsBesideABoxStayInTheField() {
        // Given
        ImagePage.Field field = ImagePage.Field.of(1600, 1200);
        CellJson low = Samples.cell(1, "OUT_OF_FOCUS", null, null);

        for (int y : List.of(0, 30, 1100)) {
            CellTile tile = new CellTile(
                    low.cellId(),
                    low.imageId(),
                    1500,
                    y,
                    90,
                    90,
                    "0.9",
                    "Blast",
                    "blast",
                    null,
                    "out of focus",
                    false,
                    null,
                    null);

            // When
            List<CellTile.BoxLine> lines = tile.boxLines(field);

            // Then
            assertEquals(2, lines.size());
            assertTrue(lines.stream().allMatch(line -> line.y() >= field.letterPx() / 2 && line.y() <= 1200), "y " + y);
            assertTrue(
                    lines.stream()
                            .allMatch(line -> line.x() == 1590 && line.anchor().equals("end")),
                    "y " + y);
        }
    }

    @Test
    void aScannerWhoseNewestDayLiesFarIsMarkedInWords() {
        // When
        String html = page("scanners");

        // Then
        assertTrue(html.contains("Newest day: attention"));
        assertTrue(html.contains("out of focus 18.8 %"));
        assertTrue(html.contains("<span class=\"part\">−4.2</span>"));
        assertTrue(html.contains("Focus: 1 of 12 days lie 3.0 standard errors or more from the earlier days."));
        assertTrue(html.contains("Scanner not stated"));
        assertTrue(html.contains("Drift never changes a verdict."));
        assertEquals(1, all(html, "(path class=\"dot beyond\")").size());
    }

    @Test
    void theReadBackIsNeverFilledInBeforehand() {
        // When
        AcknowledgePage form =
                Samples.PAGES.acknowledge(Samples.alert("RAISED", Duration.ofMinutes(9)), null, "", "", "");

        // Then
        String html = RENDERER.render(form);
        assertTrue(html.contains("name=\"patientId\" value=\"\" required"));
        assertFalse(html.contains(" selected>"));
        assertFalse(page("acknowledged").contains("<form method=\"post\""));
    }

    private static List<String> all(String html, String pattern) {
        return Pattern.compile(pattern)
                .matcher(html)
                .results()
                .map((MatchResult match) -> match.group(1))
                .toList();
    }
}
