package io.leukostream.results.dashboard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leukostream.results.rest.Page;
import io.leukostream.results.rest.VerdictJson;
import io.quarkus.qute.TemplateInstance;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PagesTest {

    private static final String ATTACK = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>";
    private static final PageRenderer RENDERER = new PageRenderer();

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
        assertFalse(html.contains("NOT_FOUND"));
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
                        List.of()),
                Samples.PAGES.specimen(
                        Samples.full(specimen, ATTACK),
                        List.of(new Reviewer(ATTACK, 1)),
                        new Page<>(List.of(Samples.cell(1, ATTACK, ATTACK, ATTACK)), null),
                        List.of(new SpecimenPage.RejectedImage(ATTACK, ATTACK, ATTACK)),
                        Samples.GALLERY),
                Samples.PAGES.worklist(
                        Map.of("WITHHELD", 1),
                        new Page<>(List.of(Samples.line(ATTACK, specimen, null)), null),
                        Set.of(),
                        ATTACK,
                        ATTACK,
                        List.of()),
                Samples.PAGES.acknowledge(
                        Samples.alert("RAISED", Duration.ofMinutes(1)), ATTACK, ATTACK, ATTACK, ATTACK),
                new ImagePage(
                        ATTACK, ATTACK, ATTACK, ATTACK, null, ATTACK, null, ATTACK, ATTACK, ATTACK, null, List.of()),
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
        WorklistPage worklist =
                Samples.PAGES.worklist(Map.of("WITHHELD", 250), page, Set.of(), "WITHHELD", "P-1 &", List.of());

        // Then
        assertEquals("/?state=WITHHELD&q=P-1+%26&page=3", worklist.next());
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
                Map.of(), new Page<>(List.of(), null), Set.of(), "", "", List.of(soon, done, late));

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
        assertTrue(html.contains("cnmc-mobilenetv2/1.0.0"));
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
                all(html, "(<img src=\"/api/v1/cells/[^>]*loading=\"lazy\")").size());
        assertTrue(html.contains("not counted: touches border"));
        assertTrue(html.contains("page=1#cells\">Next page"));
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
