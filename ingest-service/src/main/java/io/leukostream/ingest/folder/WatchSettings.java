package io.leukostream.ingest.folder;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What is watched, and how.
 *
 * @param folder is made if it is not there
 * @param instance names this one among those that watch the same folder; 1 to 64 letters, digits and {@code ._-}
 * @param pattern how paths tell fields; null where they do not
 * @param fixed fields that all images of the folder share, unless a sidecar states otherwise
 * @param stableFor how long a file's size and time must not have changed, ≥ 0
 * @param interval between two looks, &gt; 0
 * @param claimsStaleAfter after which silence the files of another instance are taken back, ≥ 4 intervals
 * @param workers files that are taken in at once, 1..64
 */
public record WatchSettings(
        Path folder,
        String instance,
        @Nullable PathPattern pattern,
        Map<String, String> fixed,
        Duration stableFor,
        Duration interval,
        Duration claimsStaleAfter,
        int workers) {
    private static final Pattern INSTANCE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final List<String> NEEDED = List.of("patient", "specimen", "specimenType", "kind");

    public WatchSettings {
        fixed = Map.copyOf(fixed);
        if (!INSTANCE.matcher(instance).matches()) {
            throw new IllegalArgumentException(
                    "leukostream.instance must be 1 to 64 letters, digits and ._-: " + instance);
        }
        for (String field : fixed.keySet()) {
            if (!PathPattern.FIELDS.contains(field)) {
                throw new IllegalArgumentException("leukostream.watch.fields names no field of the form: " + field);
            }
        }
        if (stableFor.isNegative() || !interval.isPositive()) {
            throw new IllegalArgumentException("leukostream.watch.interval must be above 0 and stable-for not below: "
                    + interval + ", " + stableFor);
        }
        if (claimsStaleAfter.compareTo(interval.multipliedBy(4)) < 0) {
            throw new IllegalArgumentException(
                    "leukostream.watch.claims-stale-after must be at least four intervals, not " + claimsStaleAfter);
        }
        if (workers < 1 || workers > 64) {
            throw new IllegalArgumentException("leukostream.watch.workers must lie in 1..64, not " + workers);
        }
    }

    /** Reads {@code field=value} pairs. */
    public static Map<String, String> fixed(List<String> pairs) {
        Map<String, String> fields = new HashMap<>();
        for (String pair : pairs) {
            int equals = pair.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException("leukostream.watch.fields must be field=value pairs, not " + pair);
            }
            String field = pair.substring(0, equals).strip();
            fields.put(
                    field, PathPattern.value(field, pair.substring(equals + 1).strip()));
        }
        return fields;
    }

    /** Whether a form is only complete with a sidecar, so that an image waits for one. */
    boolean needsSidecar() {
        Set<String> told = new HashSet<>(fixed.keySet());
        if (pattern != null) {
            told.addAll(pattern.fields());
        }
        return !told.containsAll(NEEDED);
    }
}
