package io.leukostream.results.dashboard;

import io.leukostream.events.CellReview;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Who labelled cells of a specimen.
 *
 * @param name the name that the site gave
 * @param labels how many cells carry this reviewer's label
 */
public record Reviewer(String name, int labels) {

    private static final String SIMULATED = "simulated-";

    /** Whether this is a program that plays a haematologist. */
    public boolean simulated() {
        return isSimulated(name);
    }

    /** Whether a reviewer of this name is a program that plays a haematologist. */
    static boolean isSimulated(String name) {
        return name.startsWith(SIMULATED);
    }

    /** Those whose labels stand, by name. */
    static List<Reviewer> of(List<CellReview> events) {
        Map<String, Set<String>> cells = new TreeMap<>();
        events.stream()
                .filter(event -> event.getCellId() != null)
                .sorted(Comparator.comparing(CellReview::getAt).thenComparing(CellReview::getEventId))
                .forEach(event -> {
                    Set<String> labelled = cells.computeIfAbsent(event.getReviewer(), name -> new HashSet<>());
                    if (event.getNewLabel() == null) {
                        labelled.remove(event.getCellId());
                    } else {
                        labelled.add(event.getCellId());
                    }
                });
        return cells.entrySet().stream()
                .filter(entry -> !entry.getValue().isEmpty())
                .map(entry -> new Reviewer(entry.getKey(), entry.getValue().size()))
                .toList();
    }
}
