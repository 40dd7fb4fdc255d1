package io.leukostream.results.rest;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A part of a list.
 *
 * @param items the items of this page
 * @param next what to pass as {@code page} for the next one; null on the last
 */
public record Page<T>(List<T> items, @Nullable String next) {
    /** The most items of one page. */
    public static final int LARGEST = 200;

    public Page {
        items = List.copyOf(items);
    }

    /**
     * Cuts a page out of a list and turns its items into their view; only those of the page are turned.
     *
     * @param number the page, from 0
     * @param size items on a page, 1..{@link #LARGEST}
     */
    public static <S, T> Page<T> of(List<S> all, int number, int size, Function<? super S, ? extends T> view) {
        if (number < 0 || size < 1 || size > LARGEST) {
            throw new IllegalArgumentException("no page " + number + " of " + size + " items");
        }
        int from = (int) Math.min((long) number * size, all.size());
        int to = Math.min(from + size, all.size());
        List<T> items = all.subList(from, to).stream().<T>map(view).toList();
        return new Page<>(items, to < all.size() ? Integer.toString(number + 1) : null);
    }
}
