package io.leukostream.results.domain;

import java.util.Comparator;

/**
 * A cell without any code: the same picture and the same box are the same cell in every data folder.
 *
 * @param contentSha256 SHA-256 of the image's bytes, hexadecimal
 */
public record CellKey(String contentSha256, Box box) implements Comparable<CellKey> {
    private static final Comparator<CellKey> ORDER =
            Comparator.comparing(CellKey::contentSha256).thenComparing(CellKey::box);

    @Override
    public int compareTo(CellKey other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return contentSha256 + ":" + box;
    }
}
