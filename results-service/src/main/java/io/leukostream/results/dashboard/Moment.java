package io.leukostream.results.dashboard;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * A point in time as the pages print it.
 *
 * @param iso for machines, in UTC
 * @param shown for people, in the zone of this service
 */
public record Moment(String iso, String shown) {

    private static final DateTimeFormatter SHOWN = DateTimeFormatter.ofPattern("d MMM yyyy, HH:mm", Locale.UK);

    static Moment of(Instant instant, ZoneId zone) {
        return new Moment(instant.toString(), SHOWN.format(instant.atZone(zone)));
    }

    /** How long until something is due, or by how much it is overdue, in whole minutes; the page counts on from here. */
    static String countdown(Instant due, Instant now) {
        Duration left = Duration.between(now, due);
        return left.isNegative() ? "overdue by " + span(left.negated()) : "due in " + span(left);
    }

    /** A duration in its two largest units, such as {@code 2 h 5 min}. */
    static String span(Duration duration) {
        long minutes = duration.toMinutes();
        if (minutes < 60) {
            return minutes + " min";
        }
        if (minutes < 24 * 60) {
            return minutes / 60 + " h " + minutes % 60 + " min";
        }
        return minutes / (24 * 60) + " d " + minutes / 60 % 24 + " h";
    }
}
