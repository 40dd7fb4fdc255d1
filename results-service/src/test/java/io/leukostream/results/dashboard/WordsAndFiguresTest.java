package io.leukostream.results.dashboard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class WordsAndFiguresTest {

    @Test
    void anIntervalIsNeverShownNarrowerThanItIs() {
        // When
        String shown = Percent.interval(0.24961, 0.25004);

        // Then
        assertEquals("24.9–25.1 %", shown);
    }

    @Test
    void placesStayOnTheScale() {
        // Then
        assertEquals("0%", Percent.place(-0.1));
        assertEquals("61.23%", Percent.place(0.61234));
        assertEquals("100%", Percent.place(1.4));
    }

    @Test
    void theLabelOfAnIntervalAtTheEdgeStaysInTheDrawing() {
        // When
        IntervalBar bar =
                new IntervalBar("b", "below", 0, null, 0, 0.01, 0.95, "MODEL", "WHITE_CELLS_FOUND", 0.25, 0.2);

        // Then
        assertEquals("9%", bar.labelPlace());
    }

    @Test
    void whatTheModelSaysIsCalledCorrectedOnlyWhereItIs() {
        // When
        IntervalBar validated =
                new IntervalBar("b", "below", 0.2, 0.1, 0, 0.4, 0.95, "MODEL", "WHITE_CELLS_FOUND", 0.25, 0.2);
        IntervalBar unknown =
                new IntervalBar("b", "below", 0.2, null, 0, 1, 0.95, "MODEL", "WHITE_CELLS_FOUND", 0.25, 0.2);

        // Then
        assertTrue(validated.basisWords().contains(", corrected for"), validated.basisWords());
        assertTrue(unknown.basisWords().contains("not corrected"), unknown.basisWords());
    }

    @Test
    void durationsAreSaidInTheirTwoLargestUnits() {
        // Then
        assertEquals("0 min", Moment.span(Duration.ofSeconds(59)));
        assertEquals("2 h 5 min", Moment.span(Duration.ofMinutes(125)));
        assertEquals("1 d 3 h", Moment.span(Duration.ofHours(27)));
    }

    @Test
    void aStateThatIsNewToThePageIsShownByItsCode() {
        // Then
        assertEquals("LYMPHOMA_PATTERN", StateWords.of("LYMPHOMA_PATTERN", 0.25).words());
    }

    /** WCAG 2.2, success criterion 1.4.3: 4.5 to 1 for text. */
    @Test
    void textReadsOnItsGroundByLightAndByDark() throws IOException {
        // Given
        String css;
        try (InputStream in = getClass().getResourceAsStream("/META-INF/resources/dashboard/dashboard.css")) {
            css = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        }
        int dark = css.indexOf("@media (prefers-color-scheme: dark)");
        List<Map<String, String>> schemes =
                List.of(colours(css.substring(0, dark)), colours(css.substring(dark, css.indexOf(".tone-suspected"))));

        for (Map<String, String> colours : schemes) {
            for (String tone : List.of("suspected", "withheld", "indeterminate", "insufficient", "below")) {
                // Then
                assertReadable(colours, tone, tone + "-soft");
                assertReadable(colours, tone, "card");
            }
            for (String ground : List.of("page", "card", "raised")) {
                assertReadable(colours, "ink", ground);
                assertReadable(colours, "quiet", ground);
                assertReadable(colours, "accent", ground);
            }
            assertReadable(colours, "accent", "accent-soft");
            assertReadable(colours, "accent-ink", "accent");
            assertReadable(colours, "notice-ink", "notice");
        }
    }

    private static void assertReadable(Map<String, String> colours, String text, String ground) {
        double a = luminance(Objects.requireNonNull(colours.get(text), text));
        double b = luminance(Objects.requireNonNull(colours.get(ground), ground));
        double contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
        assertTrue(contrast >= 4.5, () -> text + " on " + ground + ": " + contrast);
    }

    private static Map<String, String> colours(String css) {
        Map<String, String> colours = new HashMap<>();
        Matcher matcher = Pattern.compile("--([a-z-]+): #([0-9a-f]{6});").matcher(css);
        while (matcher.find()) {
            colours.put(matcher.group(1), matcher.group(2));
        }
        return colours;
    }

    private static double luminance(String hexadecimal) {
        double[] weights = {0.2126, 0.7152, 0.0722};
        double sum = 0;
        for (int channel = 0; channel < 3; channel++) {
            double value = Integer.parseInt(hexadecimal.substring(2 * channel, 2 * channel + 2), 16) / 255.0;
            sum += weights[channel] * (value <= 0.04045 ? value / 12.92 : Math.pow((value + 0.055) / 1.055, 2.4));
        }
        return sum;
    }
}
