package io.leukostream.results.rest;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * One line of a differential count: the most frequent first, and last the cells without a type.
 *
 * @param type as the model names it; {@value #NOT_TYPED} where it named none
 * @param cells counted cells of this type
 * @param share of the counted cells, 0..1
 */
public record TypeShare(String type, int cells, double share) {
    /** Stands for the cells that the model gave no type. */
    public static final String NOT_TYPED = "NOT_TYPED";

    /** The lines of some counts. */
    static List<TypeShare> of(Map<String, Integer> types, int untyped) {
        int counted =
                untyped + types.values().stream().mapToInt(Integer::intValue).sum();
        List<TypeShare> lines = new ArrayList<>();
        types.forEach((type, cells) -> lines.add(new TypeShare(type, cells, (double) cells / counted)));
        lines.sort(Comparator.comparingInt(TypeShare::cells).reversed().thenComparing(TypeShare::type));
        if (untyped > 0) {
            lines.add(new TypeShare(NOT_TYPED, untyped, (double) untyped / counted));
        }
        return lines;
    }
}
