package io.leukostream.results.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.leukostream.results.rest.DriftJson;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ScannerDriftMetersTest {
    private static final LocalDate TODAY = LocalDate.of(2026, 11, 23);

    private static DriftJson.Day day(@Nullable String scanner, LocalDate day, @Nullable Double focus) {
        DriftJson.Figure none = new DriftJson.Figure(null, null);
        return new DriftJson.Day(
                scanner,
                day,
                1,
                1,
                0,
                0,
                0,
                List.of(),
                List.of(),
                new DriftJson.Figure(200.0, focus),
                none,
                none,
                0,
                focus,
                false);
    }

    private static Map<String, Double> told(List<DriftJson.Day> days) {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        MultiGauge.builder("drift")
                .register(meters)
                .register(ScannerDriftMeters.rows(new DriftJson(3, 30, 10, days)), true);
        Map<String, Double> told = new TreeMap<>();
        meters.get("drift")
                .gauges()
                .forEach(gauge -> told.put(
                        gauge.getId().getTag("scanner") + " " + gauge.getId().getTag("figure"), gauge.value()));
        return told;
    }

    @Test
    void theNewestDayOfEachScannerIsToldAndNothingWhereThereIsTooLittle() {
        // When
        Map<String, Double> told = told(List.of(
                day("a", TODAY, -1.5),
                day("b", TODAY, null),
                day("a", TODAY.minusDays(1), 9.0),
                day("b", TODAY.minusDays(1), 9.0),
                day(null, TODAY.minusDays(2), 0.5)));

        // Then
        assertEquals(Map.of("a focus", -1.5, "not stated focus", 0.5), told);
    }

    @Test
    void noMoreScannersThanTheLimitAreTold() {
        // Given
        List<DriftJson.Day> days = new ArrayList<>();
        for (int scanner = 0; scanner < ScannerDriftMeters.MOST_SCANNERS + 20; scanner++) {
            days.add(day("scanner-" + scanner, TODAY, 1.0));
        }

        // When
        Map<String, Double> told = told(days);

        // Then
        assertEquals(ScannerDriftMeters.MOST_SCANNERS, told.size());
    }
}
