package io.leukostream.results.domain;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A site's rule for an alert: how long a person has, who is told at first, and who is told when nobody acknowledges.
 *
 * @param timeToAcknowledge from raising
 * @param ladder the rungs in the order of their times; each is taken once
 * @param channels names of the channels by which raising is told; empty means all that are configured
 */
public record AlertRule(Duration timeToAcknowledge, List<Rung> ladder, SortedSet<String> channels) {
    /** Where a site sets no ladder: one rung, when the time to acknowledge is over, by all channels. */
    public static final List<Rung> DEFAULT_LADDER =
            List.of(new Rung(Duration.ZERO, "the next person in line", new TreeSet<>()));

    public AlertRule {
        if (timeToAcknowledge.isNegative() || timeToAcknowledge.isZero()) {
            throw new IllegalArgumentException("a time to acknowledge is positive, not " + timeToAcknowledge);
        }
        ladder = List.copyOf(ladder);
        for (int rung = 1; rung < ladder.size(); rung++) {
            if (ladder.get(rung).after().compareTo(ladder.get(rung - 1).after()) < 0) {
                throw new IllegalArgumentException(
                        "the rungs of a ladder stand in the order of their times, not " + ladder);
            }
        }
        channels = new TreeSet<>(channels);
    }

    /** The rule of a site that sets nothing but its time. */
    public static AlertRule within(Duration timeToAcknowledge) {
        return new AlertRule(timeToAcknowledge, DEFAULT_LADDER, new TreeSet<>());
    }

    /**
     * A rung of an escalation ladder.
     *
     * @param after how long past the due time; zero is at the due time
     * @param to who is told: a role or a name, as the site calls it
     * @param channels names of the channels by which; empty means all that are configured
     */
    public record Rung(Duration after, String to, SortedSet<String> channels) {
        public Rung {
            if (after.isNegative()) {
                throw new IllegalArgumentException("a rung comes after the due time, not " + after + " past it");
            }
            if (to.isBlank()) {
                throw new IllegalArgumentException("a rung says who is told, not '" + to + "'");
            }
            channels = new TreeSet<>(channels);
        }

        Instant at(Instant dueAt) {
            return dueAt.plus(after);
        }
    }

    /**
     * The channels of everybody who was told of an alert so far.
     *
     * @param rungs rungs that were taken
     */
    SortedSet<String> toldBy(int rungs) {
        SortedSet<String> told = new TreeSet<>(channels);
        if (channels.isEmpty()) {
            return told;
        }
        for (Rung rung : ladder.subList(0, Math.min(rungs, ladder.size()))) {
            if (rung.channels().isEmpty()) {
                return new TreeSet<>();
            }
            told.addAll(rung.channels());
        }
        return told;
    }
}
