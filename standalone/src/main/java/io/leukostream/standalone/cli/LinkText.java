package io.leukostream.standalone.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.leukostream.standalone.audit.Link;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A link of the audit on one line. */
final class LinkText {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

    private LinkText() {}

    static String of(Link link) {
        return String.format(
                Locale.ROOT, "%5d  %s UTC  %s: %s", link.number(), TIME.format(link.at()), link.actor(), words(link));
    }

    private static String words(Link link) {
        String event = words(link.event());
        JsonNode detail;
        try {
            detail = JSON.readTree(link.detail());
        } catch (JsonProcessingException e) {
            return event + ", with a detail that is no JSON (" + e.getOriginalMessage() + ")";
        }
        return switch (link.event()) {
            case "VERDICT_CHANGED" ->
                "verdict " + change(detail, "stateBefore", "state") + " (specimen " + text(detail, "specimenId") + " "
                        + change(detail, "specimenStateBefore", "specimenState") + ")";
            case "CELL_REVIEWED" ->
                "label " + change(detail, "oldLabel", "newLabel") + " on cell " + text(detail, "cellId");
            case "FRAME_OPENED" -> "frame of specimen " + text(detail, "specimenId") + " opened for review";
            default -> event + rest(detail);
        };
    }

    private static String change(JsonNode detail, String before, String after) {
        return detail.path(before).isNull() || detail.path(before).equals(detail.path(after))
                ? text(detail, after)
                : text(detail, before) + " → " + text(detail, after);
    }

    private static String rest(JsonNode detail) {
        List<String> said = new ArrayList<>();
        detail.properties().forEach(field -> {
            if (!field.getValue().isNull() && !field.getKey().equals("evidenceHash")) {
                said.add(field.getKey() + " " + field.getValue().asText());
            }
        });
        return said.isEmpty() ? "" : " (" + String.join(", ", said) + ")";
    }

    private static String text(JsonNode detail, String field) {
        JsonNode value = detail.path(field);
        return value.isNull() || value.isMissingNode() ? "none" : value.asText();
    }

    private static String words(String code) {
        return code.toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
