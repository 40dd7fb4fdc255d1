package io.leukostream.results.metrics;

import io.leukostream.results.notification.ChannelHealth;
import io.leukostream.results.notification.Notifications;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.ToDoubleFunction;

/**
 * How the channels of alerts do: {@code leukostream_alert_channel_up{channel}} (1, or 0 after three failures in a row),
 * {@code leukostream_alert_channel_failures_total{channel}} and {@code leukostream_alert_channel_waiting{channel}}, the
 * steps that are still to be delivered. A channel is named as the site names it.
 */
public final class ChannelMeters {
    private ChannelMeters() {}

    /** Registers the meters of the channels that there are. */
    public static void register(MeterRegistry meters, Notifications notifications) {
        for (ChannelHealth channel : notifications.health()) {
            String name = channel.name();
            Gauge.builder("leukostream.alert.channel.up", notifications, of(name, each -> each.up() ? 1 : 0))
                    .description("1 while the channel can be relied on, 0 after three failures in a row")
                    .tag("channel", name)
                    .register(meters);
            Gauge.builder("leukostream.alert.channel.waiting", notifications, of(name, ChannelHealth::waiting))
                    .description("Steps of alerts that are still to be delivered")
                    .tag("channel", name)
                    .register(meters);
            FunctionCounter.builder(
                            "leukostream.alert.channel.failures", notifications, of(name, ChannelHealth::failures))
                    .description("Attempts to deliver that failed")
                    .tag("channel", name)
                    .register(meters);
        }
    }

    private static ToDoubleFunction<Notifications> of(String name, ToDoubleFunction<ChannelHealth> figure) {
        return notifications -> notifications.health().stream()
                .filter(channel -> channel.name().equals(name))
                .mapToDouble(figure)
                .sum();
    }
}
