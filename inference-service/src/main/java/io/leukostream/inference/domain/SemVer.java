package io.leukostream.inference.domain;

import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A version {@code major.minor.patch}, ordered by number. Pre-release and build suffixes are refused: bundles of one
 * name must have one order that every reader finds the same.
 */
public record SemVer(int major, int minor, int patch) implements Comparable<SemVer> {
    private static final Pattern FORM = Pattern.compile("(0|[1-9]\\d{0,8})\\.(0|[1-9]\\d{0,8})\\.(0|[1-9]\\d{0,8})");
    private static final Comparator<SemVer> ORDER = Comparator.comparingInt(SemVer::major)
            .thenComparingInt(SemVer::minor)
            .thenComparingInt(SemVer::patch);

    public SemVer {
        if (major < 0 || minor < 0 || patch < 0) {
            throw new IllegalArgumentException("not a version: " + major + "." + minor + "." + patch);
        }
    }

    /**
     * Reads a version.
     *
     * @throws IllegalArgumentException if the text is no such version
     */
    public static SemVer parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException("not a version of the form major.minor.patch: '" + text + "'");
        }
        return new SemVer(
                Integer.parseInt(form.group(1)), Integer.parseInt(form.group(2)), Integer.parseInt(form.group(3)));
    }

    @Override
    public int compareTo(SemVer other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return major + "." + minor + "." + patch;
    }
}
