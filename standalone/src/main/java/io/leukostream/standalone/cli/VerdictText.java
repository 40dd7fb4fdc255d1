package io.leukostream.standalone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;

/** A verdict as text for a person. */
final class VerdictText {
    private VerdictText() {}

    static String of(JsonNode verdict) {
        StringBuilder text = new StringBuilder();
        text.append("Patient ").append(verdict.path("patientId").asText());
        text.append(": ").append(verdict.path("state").asText()).append('\n');
        for (JsonNode specimen : verdict.path("specimens")) {
            specimen(text, specimen);
        }
        text.append("Evidence ").append(verdict.path("evidenceHash").asText()).append('\n');
        text.append("Research use only: a haematologist decides.");
        return text.toString();
    }

    private static void specimen(StringBuilder text, JsonNode specimen) {
        JsonNode images = specimen.path("images");
        JsonNode cells = specimen.path("cells");
        JsonNode fraction = specimen.path("blastFraction");
        text.append(String.format(
                Locale.ROOT,
                "  Specimen %s (%s, %s): %s%n",
                specimen.path("specimenId").asText(),
                specimen.path("specimenType").asText(),
                specimen.path("kind").asText(),
                specimen.path("state").asText()));
        text.append(String.format(
                Locale.ROOT,
                "    images: %d received, %d classified, %d rejected, %d pending; cells: %d counted, %d called blast%n",
                images.path("received").asInt(),
                images.path("classified").asInt(),
                images.path("rejected").asInt(),
                images.path("pending").asInt(),
                cells.path("counted").asInt(),
                cells.path("calledBlast").asInt()));
        if (fraction.isObject()) {
            text.append(String.format(
                    Locale.ROOT,
                    "    blasts: apparent %s, corrected %s, interval %s to %s at level %s (basis %s); threshold %s%n",
                    percent(fraction.path("apparent")),
                    percent(fraction.path("corrected")),
                    percent(fraction.path("lower")),
                    percent(fraction.path("upper")),
                    percent(fraction.path("level")),
                    fraction.path("basis").asText(),
                    percent(specimen.path("threshold"))));
        }
        JsonNode triage = specimen.path("triage");
        if (triage.isObject()) {
            text.append(String.format(
                    Locale.ROOT,
                    "    triage: %s. %s%n",
                    triage.path("level").asText(),
                    triage.path("reason").asText()));
        }
        for (JsonNode reason : specimen.path("reasons")) {
            text.append("    - ").append(reason.asText()).append('\n');
        }
    }

    private static String percent(JsonNode fraction) {
        return fraction.isNumber() ? String.format(Locale.ROOT, "%.1f %%", 100 * fraction.asDouble()) : "undefined";
    }
}
