package io.leukostream.ingest.rest;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A JSON object as the form that it stands for: a field that is null was not stated. */
final class Fields {
    private final Map<String, List<String>> all = new HashMap<>();

    Fields with(String name, @Nullable String value) {
        if (value != null) {
            all.put(name, List.of(value));
        }
        return this;
    }

    Map<String, List<String>> all() {
        return all;
    }
}
