package io.leukostream.results.domain;

import java.util.Comparator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The model that made a call.
 *
 * @param sha256 SHA-256 of the bundle's model.json, hexadecimal
 * @param characteristics null where the bundle was not validated for the specimen's kind and type
 */
public record ModelBundle(
        String name,
        String version,
        String sha256,
        @Nullable OperatingCharacteristics characteristics) {
    private static final Pattern NUMBERS = Pattern.compile("(\\d{1,9})\\.(\\d{1,9})\\.(\\d{1,9})(?:-(.+?))?(?:\\+.*)?");

    /** Orders semantic versions; what is none comes before all that are, by its text. */
    static final Comparator<String> BY_VERSION = ModelBundle::compareVersions;

    /** {@code name/version}, as a verdict shows it. */
    public String label() {
        return name + "/" + version;
    }

    private static int compareVersions(String left, String right) {
        var l = NUMBERS.matcher(left);
        var r = NUMBERS.matcher(right);
        if (!l.matches() || !r.matches()) {
            return l.matches() != r.matches() ? (l.matches() ? 1 : -1) : left.compareTo(right);
        }
        for (int group = 1; group <= 3; group++) {
            int difference = Integer.compare(Integer.parseInt(l.group(group)), Integer.parseInt(r.group(group)));
            if (difference != 0) {
                return difference;
            }
        }
        return comparePreReleases(l.group(4), r.group(4));
    }

    /** Semantic Versioning 2.0.0, item 11: a release is above its pre-releases; numbers are below words. */
    private static int comparePreReleases(@Nullable String left, @Nullable String right) {
        if (left == null || right == null) {
            return left == null ? (right == null ? 0 : 1) : -1;
        }
        String[] l = left.split("\\.", -1);
        String[] r = right.split("\\.", -1);
        for (int k = 0; k < Math.min(l.length, r.length); k++) {
            boolean leftNumber = l[k].matches("\\d{1,9}");
            boolean rightNumber = r[k].matches("\\d{1,9}");
            int difference = leftNumber && rightNumber
                    ? Integer.compare(Integer.parseInt(l[k]), Integer.parseInt(r[k]))
                    : leftNumber != rightNumber ? (leftNumber ? -1 : 1) : l[k].compareTo(r[k]);
            if (difference != 0) {
                return difference;
            }
        }
        return Integer.compare(l.length, r.length);
    }
}
