package io.leukostream.results.domain;

import java.util.ArrayList;
import java.util.List;

/**
 * The newest attempts to deliver the steps of one alert, in the order in which they were recorded. Bounded: the topic
 * {@code alert.deliveries} keeps them all.
 */
public record DeliveryHistory(List<DeliveryAttempt> attempts) {
    /** The most attempts that are kept. */
    public static final int MOST = 200;

    /** No attempt yet. */
    public static final DeliveryHistory EMPTY = new DeliveryHistory(List.of());

    public DeliveryHistory {
        attempts = List.copyOf(attempts);
    }

    /** These and a newer one, without the oldest where they are too many. */
    public DeliveryHistory with(DeliveryAttempt attempt) {
        List<DeliveryAttempt> all = new ArrayList<>(attempts);
        all.add(attempt);
        return new DeliveryHistory(all.size() > MOST ? all.subList(all.size() - MOST, all.size()) : all);
    }
}
