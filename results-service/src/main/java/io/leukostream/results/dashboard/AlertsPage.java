package io.leukostream.results.dashboard;

import io.quarkus.qute.TemplateInstance;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The alert inbox.
 *
 * @param open alerts that go on, the one that is due first on top, those that are acknowledged below
 * @param over alerts that are superseded or closed, the newest first
 * @param channels how the channels do
 * @param next address of the next page; null on the last
 */
public record AlertsPage(
        List<Entry> open,
        List<Entry> over,
        List<ChannelLine> channels,
        @Nullable String next) implements TemplateInstance {

    public AlertsPage {
        open = List.copyOf(open);
        over = List.copyOf(over);
        channels = List.copyOf(channels);
    }

    /**
     * An alert with what happened to it.
     *
     * @param closable whether it waits for somebody to close it
     * @param rung the rung of the ladder that comes next; null where none does
     */
    public record Entry(
            AlertCard card,
            boolean closable,
            @Nullable Rung rung,
            List<StepLine> steps,
            List<DeliveryLine> deliveries) {
        public Entry {
            steps = List.copyOf(steps);
            deliveries = List.copyOf(deliveries);
        }
    }

    /**
     * The rung that comes next.
     *
     * @param countdown how long until then, or since
     */
    public record Rung(int number, String to, Moment at, String countdown) {}

    /**
     * A step in words.
     *
     * @param detail who took it, to whom it went, or why; empty where the step says it all
     */
    public record StepLine(String words, String detail, Moment at) {}

    /**
     * How far one step came by one channel.
     *
     * @param words such as "failed 3 times"
     * @param detail why it failed; null where it did not
     * @param again when it is tried again; null where it is not
     */
    public record DeliveryLine(
            String channel,
            String step,
            boolean failed,
            String words,
            @Nullable String detail,
            Moment at,
            @Nullable Moment again) {}

    /**
     * A channel in words.
     *
     * @param words whether it reaches its other side
     * @param detail why the last attempt failed; null where it did not
     */
    public record ChannelLine(
            String name,
            String kind,
            boolean up,
            String words,
            @Nullable String detail,
            int waiting,
            @Nullable Moment lastDelivered) {}
}
