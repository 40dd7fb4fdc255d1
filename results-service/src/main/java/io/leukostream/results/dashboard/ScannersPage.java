package io.leukostream.results.dashboard;

import io.leukostream.results.domain.GateReason;
import io.leukostream.results.rest.DriftJson;
import io.leukostream.results.rest.TypeShare;
import io.quarkus.qute.TemplateInstance;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How the scanners do day by day.
 *
 * @param attentionAt distance that calls for attention, in figures
 * @param referenceDays how many days back the earlier days reach
 * @param leastSpecimens fewer specimens on the earlier days are not compared with
 * @param days how many days are shown
 * @param scanners by name, the one that is not stated last
 */
public record ScannersPage(String attentionAt, int referenceDays, int leastSpecimens, int days, List<Scanner> scanners)
        implements TemplateInstance {

    /** Days that are shown. */
    static final int DAYS = 14;

    private static final double CHART_MIDDLE = 36;
    private static final double CHART_HALF = 30;

    /** Takes a copy of the list. */
    public ScannersPage {
        scanners = List.copyOf(scanners);
    }

    /**
     * One scanner.
     *
     * @param id unique on the page
     * @param name the site's alias, or that none was stated
     * @param attention whether its newest day calls for attention
     * @param charts one for each figure
     * @param days the newest first
     */
    public record Scanner(String id, String name, boolean attention, List<Chart> charts, List<Day> days) {
        /** Takes copies of the lists. */
        public Scanner {
            charts = List.copyOf(charts);
            days = List.copyOf(days);
        }
    }

    /**
     * The distances of one figure over the days.
     *
     * @param id unique on the page
     * @param title which figure
     * @param sentence the chart in words, for those who do not see it
     * @param upperY where the limit above lies, px from the top
     * @param lowerY where the limit below lies
     */
    public record Chart(
            String id,
            String title,
            String sentence,
            String upperY,
            String lowerY,
            List<Dot> dots,
            List<Stroke> strokes) {
        /** Takes copies of the lists. */
        public Chart {
            dots = List.copyOf(dots);
            strokes = List.copyOf(strokes);
        }
    }

    /**
     * A day in a chart.
     *
     * @param x place on the scale of days
     * @param y px from the top
     * @param attention whether it lies at the limit or beyond
     * @param words the day and its distance
     */
    public record Dot(String x, String y, boolean attention, String words) {}

    /** A line between two days in a chart. */
    public record Stroke(String x1, String y1, String x2, String y2) {}

    /**
     * A line of the table.
     *
     * @param gated share of the cells that do not count
     * @param reasons why, the most frequent first
     * @param types shares of the types; empty where the model gives none
     * @param drift the largest distance, in figures; null where there is too little to compare
     */
    public record Day(
            String day,
            int specimens,
            int images,
            int rejected,
            int cells,
            String gated,
            List<String> reasons,
            List<String> types,
            Figure focus,
            Figure brightness,
            Figure blastProbability,
            @Nullable String drift,
            int referenceSpecimens,
            boolean attention) {
        /** Takes copies of the lists. */
        public Day {
            reasons = List.copyOf(reasons);
            types = List.copyOf(types);
        }
    }

    /**
     * A figure of a day.
     *
     * @param mean in figures; a dash without any
     * @param distance signed, in figures; null where there is too little to compare
     */
    public record Figure(String mean, @Nullable String distance) {}

    static ScannersPage of(DriftJson drift) {
        Map<Optional<String>, List<DriftJson.Day>> byScanner = drift.items().stream()
                .collect(Collectors.groupingBy(
                        day -> Optional.ofNullable(day.scanner()), LinkedHashMap::new, Collectors.toList()));
        LocalDate newest = drift.items().isEmpty()
                ? LocalDate.EPOCH
                : drift.items().getFirst().day();
        List<Scanner> scanners = new ArrayList<>();
        byScanner.entrySet().stream()
                .sorted(Map.Entry.comparingByKey(Comparator.comparing(
                        name -> name.orElse(null), Comparator.nullsLast(Comparator.naturalOrder()))))
                .forEach(entry -> scanners.add(scanner(
                        "scanner-" + scanners.size(),
                        entry.getKey().orElse("Scanner not stated"),
                        entry.getValue(),
                        newest,
                        drift.attentionAt())));
        return new ScannersPage(
                number(drift.attentionAt()), drift.referenceDays(), drift.leastSpecimens(), DAYS, scanners);
    }

    private static Scanner scanner(
            String id, String name, List<DriftJson.Day> newestFirst, LocalDate newest, double limit) {
        return new Scanner(
                id,
                name,
                newestFirst.getFirst().attention(),
                List.of(
                        chart(id + "-focus", "Focus", newestFirst, newest, limit, DriftJson.Day::focus),
                        chart(id + "-brightness", "Brightness", newestFirst, newest, limit, DriftJson.Day::brightness),
                        chart(
                                id + "-probability",
                                "Blast probability",
                                newestFirst,
                                newest,
                                limit,
                                DriftJson.Day::blastProbability)),
                newestFirst.stream().map(ScannersPage::day).toList());
    }

    private static Chart chart(
            String id,
            String title,
            List<DriftJson.Day> newestFirst,
            LocalDate newest,
            double limit,
            Function<DriftJson.Day, DriftJson.Figure> figure) {
        List<Dot> dots = new ArrayList<>();
        List<Stroke> strokes = new ArrayList<>();
        int beyond = 0;
        for (DriftJson.Day day : newestFirst.reversed()) {
            Double distance = figure.apply(day).distance();
            if (distance != null) {
                boolean attention = Math.abs(distance) >= limit;
                long place = DAYS - 1 - ChronoUnit.DAYS.between(day.day(), newest);
                Dot dot = new Dot(
                        Percent.place((place + 0.5) / DAYS),
                        y(distance, limit),
                        attention,
                        day.day() + ": " + signed(distance));
                if (!dots.isEmpty()) {
                    Dot last = dots.getLast();
                    strokes.add(new Stroke(last.x(), last.y(), dot.x(), dot.y()));
                }
                dots.add(dot);
                beyond += attention ? 1 : 0;
            }
        }
        String sentence = dots.isEmpty()
                ? "Too little to compare with."
                : beyond + " of " + dots.size() + " days lie " + number(limit)
                        + " standard errors or more from the earlier days.";
        return new Chart(id, title, sentence, y(limit, limit), y(-limit, limit), dots, strokes);
    }

    /** Twice the limit fills the chart; what is farther stays at its edge. */
    private static String y(double distance, double limit) {
        return number(CHART_MIDDLE - CHART_HALF * Math.clamp(distance / (2 * limit), -1.0, 1.0));
    }

    private static Day day(DriftJson.Day day) {
        Double drift = day.drift();
        boolean typed = day.types().stream().anyMatch(type -> !type.type().equals(TypeShare.NOT_TYPED));
        return new Day(
                day.day().toString(),
                day.specimens(),
                day.images(),
                day.rejected(),
                day.cells(),
                day.cells() == 0 ? "–" : Percent.nearest((double) (day.cells() - day.counted()) / day.cells()),
                day.gated().stream()
                        .map(gate -> GateReason.words(gate.reason()) + " " + Percent.nearest(gate.share()))
                        .toList(),
                typed
                        ? day.types().stream()
                                .map(type -> CellTile.typeWords(type.type()) + " " + Percent.nearest(type.share()))
                                .toList()
                        : List.of(),
                figure(day.focus(), "%.0f"),
                figure(day.brightness(), "%.0f"),
                figure(day.blastProbability(), "%.2f"),
                drift == null ? null : number(drift),
                day.referenceSpecimens(),
                day.attention());
    }

    private static Figure figure(DriftJson.Figure figure, String format) {
        Double mean = figure.mean();
        Double distance = figure.distance();
        return new Figure(
                mean == null ? "–" : String.format(Locale.ROOT, format, mean),
                distance == null ? null : signed(distance));
    }

    /** With a typographic minus, as a person reads it. */
    private static String signed(double distance) {
        double rounded = Math.round(distance * 10) / 10.0;
        return rounded == 0
                ? "0.0"
                : String.format(Locale.ROOT, "%+.1f", rounded).replace('-', '−');
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }
}
