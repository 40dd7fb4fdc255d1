package io.leukostream.results.dashboard;

import io.leukostream.results.rest.ResultsQueries.CellFilter;
import io.leukostream.results.rest.ResultsQueries.CellOrder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Which cells of a specimen a person looks at.
 *
 * @param filter which of them
 * @param type only those of this type; empty for all
 * @param order in which order
 * @param page the page, from 0
 */
record Gallery(CellFilter filter, String type, CellOrder order, int page) {

    /** Cells of one page. */
    static final int PAGE_SIZE = 60;

    /** Reads what an address says; what it does not say, or says wrongly, is as a newcomer would see it. */
    static Gallery of(String label, String type, String order, int page) {
        return new Gallery(
                named(CellFilter.values(), label, CellFilter.ALL),
                type,
                named(CellOrder.values(), order, CellOrder.PROBABILITY),
                page);
    }

    private static <E extends Enum<E>> E named(E[] all, String name, E otherwise) {
        for (E each : all) {
            if (each.name().equalsIgnoreCase(name)) {
                return each;
            }
        }
        return otherwise;
    }

    static String words(CellFilter filter) {
        return switch (filter) {
            case ALL -> "All cells";
            case BLAST -> "Called blast";
            case NOT_BLAST -> "Called not blast";
            case DOUBTFUL -> "Doubtful";
            case GATED -> "Not counted";
        };
    }

    static String words(CellOrder order) {
        return switch (order) {
            case PROBABILITY -> "Most blast-like first";
            case UNCERTAINTY -> "Least certain first";
            case RANDOM -> "Random";
        };
    }

    Gallery with(CellFilter other) {
        return new Gallery(other, type, order, 0);
    }

    Gallery withType(String other) {
        return new Gallery(filter, other, order, 0);
    }

    Gallery with(CellOrder other) {
        return new Gallery(filter, type, other, 0);
    }

    Gallery with(int other) {
        return new Gallery(filter, type, order, other);
    }

    /** Where these cells are. */
    String address(String specimenId) {
        return part(specimenId) + "#cells";
    }

    /** The same as a script fetches it. */
    String part(String specimenId) {
        String ofType = type.isEmpty() ? "" : "&type=" + URLEncoder.encode(type, StandardCharsets.UTF_8);
        return "/specimens/" + specimenId + "?label=" + lower(filter) + ofType + "&order=" + lower(order) + "&page="
                + page;
    }

    private static String lower(Enum<?> code) {
        return code.name().toLowerCase(Locale.ROOT);
    }
}
