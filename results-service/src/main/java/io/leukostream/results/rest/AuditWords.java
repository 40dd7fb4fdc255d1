package io.leukostream.results.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.leukostream.results.domain.AuditLink;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** An audited event in a sentence for a person. An event that this version does not know is told by its code. */
final class AuditWords {
    private static final ObjectMapper JSON = new ObjectMapper();

    private AuditWords() {}

    static String of(AuditLink link) {
        JsonNode detail;
        try {
            detail = JSON.readTree(link.detail());
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("link " + link.number() + " holds no JSON: " + link.detail(), e);
        }
        return switch (link.event()) {
            case "VERDICT_CHANGED" -> verdict(detail);
            case "POLICY_CHANGED" ->
                "Specimen " + text(detail, "specimenId") + " is held to another policy: " + text(detail, "policy")
                        + ". Before: " + text(detail, "policyBefore") + ".";
            case "FRAME_OPENED" -> "Opened a frame of all cells of " + text(detail, "specimenId") + " for a review.";
            case "SPECIMEN_ASSIGNED" ->
                "Specimen " + text(detail, "specimenId") + " was assigned to this patient; it was "
                        + codes(detail.path("from")) + "'s.";
            case "SPECIMEN_REASSIGNED" ->
                "Specimen " + text(detail, "specimenId") + " was assigned to "
                        + (detail.path("to").isTextual() ? text(detail, "to") : "another patient") + ".";
            case "CELL_REVIEWED" -> review(detail);
            default ->
                link.event().startsWith("ALERT_")
                        ? alert(link.event().substring("ALERT_".length()), detail)
                        : words(link.event()) + ".";
        };
    }

    private static String verdict(JsonNode detail) {
        String specimen = "Specimen " + text(detail, "specimenId");
        String change = detail.path("specimenState").isNull()
                ? specimen + " is no longer this patient's"
                : detail.path("specimenStateBefore").isNull()
                        ? specimen + " is assessed: " + words(text(detail, "specimenState"))
                        : specimen + " went from " + words(text(detail, "specimenStateBefore")) + " to "
                                + words(text(detail, "specimenState"));
        return change + "; the patient's verdict is " + words(text(detail, "state")) + ".";
    }

    private static String review(JsonNode detail) {
        String cell = " cell " + text(detail, "cellId")
                + (detail.path("frameId").isNull() ? " (chosen by the reviewer)." : " (drawn at random).");
        if (detail.path("newLabel").isNull()) {
            return "Took the label " + words(text(detail, "oldLabel")) + " back from" + cell;
        }
        String label = words(text(detail, "newLabel"));
        return detail.path("oldLabel").isNull()
                ? "Gave the label " + label + " to" + cell
                : "Changed the label " + words(text(detail, "oldLabel")) + " to " + label + " on" + cell;
    }

    private static String alert(String step, JsonNode detail) {
        String reason = detail.path("reason").asText("");
        return "Alert " + text(detail, "alertId") + " on " + words(text(detail, "verdictState")) + " is " + words(step)
                + "." + (reason.isEmpty() || reason.equals("null") ? "" : " " + reason);
    }

    private static String codes(JsonNode from) {
        List<String> codes = new ArrayList<>();
        from.forEach(code -> codes.add(code.asText()));
        return codes.isEmpty() ? "another patient" : String.join(", ", codes);
    }

    private static String text(JsonNode detail, String field) {
        return detail.path(field).asText("?");
    }

    private static String words(String code) {
        return code.toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
