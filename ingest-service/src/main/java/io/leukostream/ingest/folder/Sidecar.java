package io.leukostream.ingest.folder;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import io.leukostream.ingest.domain.Problem;
import io.leukostream.ingest.domain.ProblemCode;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** The JSON object beside an image: the form's fields by their names, as texts or numbers; others do not count. */
final class Sidecar {
    /** Far above what the fields can hold. */
    static final int MOST_BYTES = 1 << 16;

    private static final ObjectReader JSON =
            new ObjectMapper().reader().with(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

    /** What was read. */
    sealed interface Reading {
        record Fields(Map<String, String> values) implements Reading {}

        record Refused(Problem problem) implements Reading {}
    }

    private Sidecar() {}

    static Reading read(byte[] bytes) {
        JsonNode object;
        try {
            object = bytes.length > MOST_BYTES ? null : JSON.readTree(bytes);
        } catch (IOException e) {
            // The parser's message quotes what it read.
            object = null;
        }
        if (object == null || !object.isObject()) {
            return new Reading.Refused(new Problem(
                    ProblemCode.MALFORMED_REQUEST,
                    "The sidecar is no JSON object of at most " + MOST_BYTES + " bytes."));
        }
        Map<String, String> values = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> each : object.properties()) {
            JsonNode value = each.getValue();
            if (!PathPattern.FIELDS.contains(each.getKey()) || value.isNull()) {
                continue;
            }
            if (!value.isTextual() && !value.isNumber()) {
                return new Reading.Refused(new Problem(
                        ProblemCode.INVALID_FIELD,
                        "The field " + each.getKey() + " must be a text or a number.",
                        each.getKey()));
            }
            values.put(each.getKey(), value.asText());
        }
        return new Reading.Fields(values);
    }
}
