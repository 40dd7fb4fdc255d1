package io.leukostream.ingest.dicom;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The attributes of a DICOM data set as Orthanc's short JSON gives them, by group and element: {@code 0010,0020}. */
record Attributes(JsonNode json) {
    /** The value, without padding, be it blanks or the NUL that some write for them; several are separated by a backslash. Empty where it is missing or blank. */
    Optional<String> text(String tag) {
        JsonNode value = json.path(tag);
        return value.isTextual()
                ? Optional.of(unpadded(value.asText())).filter(text -> !text.isEmpty())
                : Optional.empty();
    }

    /** The values of an attribute that may have several, none of them blank. */
    List<String> texts(String tag) {
        List<String> values = new ArrayList<>();
        for (String value : text(tag).orElse("").split("\\\\", -1)) {
            if (!unpadded(value).isEmpty()) {
                values.add(unpadded(value));
            }
        }
        return values;
    }

    /** The items of a sequence. */
    List<Attributes> items(String tag) {
        List<Attributes> items = new ArrayList<>();
        if (json.path(tag).isArray()) {
            json.path(tag).forEach(item -> items.add(new Attributes(item)));
        }
        return items;
    }

    /** A whole number of at most ten digits; empty where it is missing or none. */
    Optional<Long> number(String tag) {
        return text(tag).filter(text -> text.matches("\\+?[0-9]{1,10}")).map(Long::parseLong);
    }

    private static String unpadded(String value) {
        int end = value.length();
        while (end > 0 && (value.charAt(end - 1) == '\0' || Character.isWhitespace(value.charAt(end - 1)))) {
            end--;
        }
        return value.substring(0, end).strip();
    }

    boolean holds(String tag) {
        return json.has(tag);
    }
}
