package io.leukostream.results.domain;

import java.util.Comparator;

/** A cell's bounding box in the stored image, px; its text is {@code x-y-w-h}, as in a cell's id. */
public record Box(int x, int y, int width, int height) implements Comparable<Box> {
    private static final Comparator<Box> ORDER = Comparator.comparingInt(Box::y)
            .thenComparingInt(Box::x)
            .thenComparingInt(Box::height)
            .thenComparingInt(Box::width);

    public Box {
        if (x < 0 || y < 0 || width < 1 || height < 1) {
            throw new IllegalArgumentException("no box: " + x + "-" + y + "-" + width + "-" + height);
        }
    }

    /**
     * Reads {@code x-y-w-h}.
     *
     * @throws IllegalArgumentException if the text is no box
     */
    public static Box parse(String text) {
        String[] parts = text.split("-", -1);
        if (parts.length != 4) {
            throw new IllegalArgumentException("not a box: " + text);
        }
        return new Box(
                Integer.parseInt(parts[0]),
                Integer.parseInt(parts[1]),
                Integer.parseInt(parts[2]),
                Integer.parseInt(parts[3]));
    }

    @Override
    public int compareTo(Box other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return x + "-" + y + "-" + width + "-" + height;
    }
}
