package io.leukostream.results.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leukostream.results.domain.AlertLoop;
import io.leukostream.results.domain.AlertRule;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The settings of alerts and channels, given as the documentation gives them: in the environment. */
class AlertSettingsTest {
    private static final Map<String, String> DOCUMENTED = Map.ofEntries(
            Map.entry("LEUKOSTREAM_NOTIFICATION_WEBHOOK_PAGER_URL", "https://pager.example.org/leukostream"),
            Map.entry("LEUKOSTREAM_NOTIFICATION_WEBHOOK_PAGER_SECRET", "0123456789abcdef"),
            Map.entry("LEUKOSTREAM_NOTIFICATION_E_MAIL_WARD_FROM", "leukostream@example.org"),
            Map.entry("LEUKOSTREAM_NOTIFICATION_E_MAIL_WARD_TO", "haematology@example.org"),
            Map.entry("LEUKOSTREAM_NOTIFICATION_BASE_URL", "https://leukostream.example.org"),
            Map.entry("LEUKOSTREAM_ALERT_TIME_TO_ACKNOWLEDGE", "15m"),
            Map.entry("LEUKOSTREAM_ALERT_CHANNELS", "pager"),
            Map.entry("LEUKOSTREAM_ALERT_ESCALATION_LADDER_0__AFTER", "0s"),
            Map.entry("LEUKOSTREAM_ALERT_ESCALATION_LADDER_0__TO", "the registrar on duty"),
            Map.entry("LEUKOSTREAM_ALERT_ESCALATION_LADDER_1__AFTER", "15m"),
            Map.entry("LEUKOSTREAM_ALERT_ESCALATION_LADDER_1__TO", "the head of haematology"),
            Map.entry("LEUKOSTREAM_ALERT_ESCALATION_LADDER_1__CHANNELS", "pager,ward"));

    private static AlertSettings settings(Map<String, String> environment) {
        return new AlertSettings(new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .addDefaultInterceptors()
                .withSources(new EnvConfigSource(environment, 300))
                .withMapping(ResultsConfig.class)
                .build()
                .getConfigMapping(ResultsConfig.class));
    }

    private static Map<String, String> documentedAnd(String key, String value) {
        Map<String, String> environment = new HashMap<>(DOCUMENTED);
        environment.put(key, value);
        return environment;
    }

    @Test
    void withoutAnySettingThereIsNoChannelAndOneRung() {
        // Given, When
        AlertSettings settings = settings(Map.of());

        // Then
        assertEquals(new AlertLoop(Duration.ofMinutes(30)), settings.loop());
        assertEquals(List.of(), settings.channels(null, Clock.systemUTC()));
    }

    @Test
    void theDocumentedEnvironmentBecomesALadderAndItsChannels() {
        // Given, When
        AlertSettings settings = settings(documentedAnd("LEUKOSTREAM_ALERT_REPEAT_TIME_TO_ACKNOWLEDGE", "1h"));

        // Then
        List<AlertRule.Rung> ladder = List.of(
                new AlertRule.Rung(Duration.ZERO, "the registrar on duty", new TreeSet<>()),
                new AlertRule.Rung(
                        Duration.ofMinutes(15), "the head of haematology", new TreeSet<>(Set.of("pager", "ward"))));
        TreeSet<String> channels = new TreeSet<>(Set.of("pager"));
        assertEquals(
                new AlertRule(Duration.ofMinutes(15), ladder, channels),
                settings.loop().firstTime());
        assertEquals(
                new AlertRule(Duration.ofHours(1), ladder, channels),
                settings.loop().repeat());
        assertEquals(
                List.of("pager", "ward"),
                settings.channels(null, Clock.systemUTC()).stream()
                        .map(each -> each.name())
                        .toList());
    }

    @Test
    void aRungToAChannelThatIsNotThereIsRefused() {
        // Given
        AlertSettings settings = settings(documentedAnd("LEUKOSTREAM_ALERT_ESCALATION_LADDER_1__CHANNELS", "pagr"));

        // When
        var failure = assertThrows(IllegalArgumentException.class, settings::loop);

        // Then
        assertTrue(failure.getMessage().contains("pagr"), failure.getMessage());
    }
}
