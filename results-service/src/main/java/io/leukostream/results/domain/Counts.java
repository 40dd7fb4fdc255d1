package io.leukostream.results.domain;

import java.util.Collection;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** How often something occurs, by its name; what does not occur is not listed, so that equal counts are equal maps. */
final class Counts {
    private Counts() {}

    /** Counts things by name; those whose name is null are left out. */
    static <T> SortedMap<String, Integer> by(Collection<T> things, Function<T, @Nullable String> name) {
        SortedMap<String, Integer> counts = new TreeMap<>();
        for (T thing : things) {
            String key = name.apply(thing);
            if (key != null) {
                counts.merge(key, 1, Integer::sum);
            }
        }
        return counts;
    }

    /** The counts with others added ({@code sign} 1) or taken out (−1). */
    static SortedMap<String, Integer> sum(Map<String, Integer> counts, Map<String, Integer> others, int sign) {
        SortedMap<String, Integer> sum = new TreeMap<>(counts);
        others.forEach((name, count) -> sum.merge(name, sign * count, Integer::sum));
        sum.values().removeIf(count -> count == 0);
        return sum;
    }

    static int total(Map<String, Integer> counts) {
        return counts.values().stream().mapToInt(Integer::intValue).sum();
    }
}
