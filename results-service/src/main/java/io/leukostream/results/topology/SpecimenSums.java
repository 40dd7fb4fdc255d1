package io.leukostream.results.topology;

import io.leukostream.results.domain.Registration;
import io.leukostream.results.domain.SpecimenTally;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of a specimen beside its images and reviews.
 *
 * @param registration null while nobody registered it: its images wait
 * @param formerPatients those that it was taken from
 * @param reviewEvents how many review events it has
 * @param rules by which the tally was summed, {@link SpecimenTally#RULES} of the version that stored it; 0 of a version
 *     before there was a number
 */
public record SpecimenSums(
        @Nullable Registration registration,
        SortedSet<String> formerPatients,
        SpecimenTally tally,
        int reviewEvents,
        int rules) {
    static final SpecimenSums EMPTY = new SpecimenSums(null, new TreeSet<>(), SpecimenTally.EMPTY, 0);

    public SpecimenSums {
        formerPatients = new TreeSet<>(formerPatients);
    }

    /** Sums by today's rules. */
    public SpecimenSums(
            @Nullable Registration registration,
            SortedSet<String> formerPatients,
            SpecimenTally tally,
            int reviewEvents) {
        this(registration, formerPatients, tally, reviewEvents, SpecimenTally.RULES);
    }

    /** Whether the tally was summed by today's rules. */
    boolean isCurrent() {
        return rules == SpecimenTally.RULES;
    }

    /** The same specimen with a tally by today's rules. */
    SpecimenSums summedAgain(SpecimenTally tally) {
        return new SpecimenSums(registration, formerPatients, tally, reviewEvents);
    }

    /** With a change; only of sums by today's rules. */
    SpecimenSums with(SpecimenChange change) {
        return switch (change) {
            case SpecimenChange.Registered(Registration candidate) -> registered(candidate);
            case SpecimenChange.ImageChanged(var before, var after) ->
                new SpecimenSums(registration, formerPatients, tally.replace(before, after), reviewEvents);
            case SpecimenChange.Reviewed() -> new SpecimenSums(registration, formerPatients, tally, reviewEvents + 1);
        };
    }

    private SpecimenSums registered(Registration candidate) {
        if (registration != null && Registration.ORDER.compare(candidate, registration) <= 0) {
            return this;
        }
        SortedSet<String> former = new TreeSet<>(formerPatients);
        if (registration != null) {
            former.add(registration.patientId());
        }
        Registration.Assignment assignment = candidate.assignment();
        if (assignment != null) {
            former.addAll(assignment.from());
        }
        former.remove(candidate.patientId());
        return new SpecimenSums(candidate, former, tally, reviewEvents);
    }
}
