package io.leukostream.results.notification;

import io.leukostream.events.AlertDelivery;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Deserializer;

/** The configured channels, each with its courier. None is there by default. */
public final class Notifications implements AutoCloseable {
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,39}");

    private final List<Courier> couriers;
    private final Set<String> names = new HashSet<>();

    /**
     * Couriers that are not under way yet.
     *
     * @param base address under which people reach the dashboard, without a slash at its end
     * @param values reads the records of all topics
     * @param log notes an attempt and returns when it is kept; throws where it cannot
     * @throws IllegalArgumentException where a name is impossible or stands for two channels
     */
    public Notifications(
            List<Channel> channels,
            String bootstrapServers,
            String instance,
            Duration sessionTimeout,
            URI base,
            RetryPolicy retries,
            Supplier<Deserializer<SpecificRecord>> values,
            Consumer<AlertDelivery> log,
            Clock clock) {
        for (Channel channel : channels) {
            if (!NAME.matcher(channel.name()).matches()) {
                throw new IllegalArgumentException(
                        "the name of a channel is of small letters, digits and hyphens, not '" + channel.name() + "'");
            }
            if (!names.add(channel.name())) {
                throw new IllegalArgumentException("two channels have the name " + channel.name());
            }
        }
        Courier.Setting setting = new Courier.Setting(bootstrapServers, instance, sessionTimeout, base, retries, clock);
        this.couriers = channels.stream()
                .map(channel -> new Courier(channel, setting, values.get(), log))
                .toList();
    }

    /** Sets the couriers under way; returns at once. */
    public void start() {
        couriers.forEach(Courier::start);
    }

    /** How each channel does. */
    public List<ChannelHealth> health() {
        return couriers.stream().map(Courier::health).toList();
    }

    @Override
    public void close() {
        couriers.forEach(Courier::close);
    }
}
