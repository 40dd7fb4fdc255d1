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
        return ofSome(
                number,
                size,
                (skipped, most) -> {
                    int from = (int) Math.min(skipped, all.size());
                    return all.subList(from, Math.min(from + most, all.size()));
                },
                view);
    }

    /** Gives a part of a list that is kept elsewhere: at most so many items after those that are skipped. */
    interface Part<S> {
        List<S> of(long skipped, int most);
    }

    /** The same of a list that only gives parts of itself. */
    static <S, T> Page<T> ofSome(int number, int size, Part<S> part, Function<? super S, ? extends T> view) {
        if (number < 0 || size < 1 || size > LARGEST) {
            throw new IllegalArgumentException("no page " + number + " of " + size + " items");
        }
        List<S> found = part.of((long) number * size, size + 1);
        List<T> items = found.stream().limit(size).<T>map(view).toList();
        return new Page<>(items, found.size() > size ? Integer.toString(number + 1) : null);
    }
}
