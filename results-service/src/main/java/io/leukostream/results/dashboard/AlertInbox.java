package io.leukostream.results.dashboard;

import io.leukostream.results.dashboard.AlertsPage.ChannelLine;
import io.leukostream.results.dashboard.AlertsPage.DeliveryLine;
import io.leukostream.results.dashboard.AlertsPage.Entry;
import io.leukostream.results.dashboard.AlertsPage.Rung;
import io.leukostream.results.dashboard.AlertsPage.StepLine;
import io.leukostream.results.notification.Channel;
import io.leukostream.results.notification.ChannelHealth;
import io.leukostream.results.rest.AlertJson;
import io.leukostream.results.rest.AlertsResource;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns alerts and the health of the channels into the inbox and its forms. Holds no state and asks nobody. */
final class AlertInbox {
    private final Pages pages;
    private final ZoneId zone;
    private final Clock clock;

    AlertInbox(Pages pages, ZoneId zone, Clock clock) {
        this.pages = pages;
        this.zone = zone;
        this.clock = clock;
    }

    /**
     * The inbox.
     *
     * @param alerts in the order of the list, each with its history
     * @param next number of the next page; null on the last
     */
    AlertsPage inbox(List<AlertJson> alerts, @Nullable String next, List<ChannelHealth> channels) {
        return new AlertsPage(
                alerts.stream().filter(Pages::goesOn).map(this::entry).toList(),
                alerts.stream()
                        .filter(alert -> !Pages.goesOn(alert))
                        .map(this::entry)
                        .toList(),
                channels.stream().map(this::line).toList(),
                next == null ? null : "/alerts?page=" + next);
    }

    /** The form to close an alert. */
    CloseAlertPage close(AlertJson alert, @Nullable String error, String closedBy, String note) {
        return new CloseAlertPage(
                pages.card(alert), closable(alert), AlertsResource.LONGEST_NOTE, error, closedBy, note);
    }

    private static boolean closable(AlertJson alert) {
        return Pages.goesOn(alert) && alert.acknowledgedBy() != null;
    }

    private Entry entry(AlertJson alert) {
        AlertJson.NextEscalation next = alert.nextEscalation();
        List<AlertJson.Step> history = alert.history();
        List<AlertJson.Delivery> deliveries = alert.deliveries();
        return new Entry(
                pages.card(alert),
                closable(alert),
                next == null
                        ? null
                        : new Rung(
                                next.rung(),
                                next.to(),
                                moment(next.at()),
                                Moment.countdown(next.at(), clock.instant())),
                history == null ? List.of() : history.stream().map(this::step).toList(),
                deliveries == null ? List.of() : lines(deliveries));
    }

    private StepLine step(AlertJson.Step step) {
        String by = step.by() == null ? "" : "by " + step.by();
        String reason = step.reason() == null ? "" : step.reason();
        return new StepLine(
                AlertCard.status(step.state()),
                by.isEmpty() || reason.isEmpty() ? by + reason : by + ": " + reason,
                moment(step.at()));
    }

    /** The last attempt of each channel to deliver each step, in the order of the first ones. */
    private List<DeliveryLine> lines(List<AlertJson.Delivery> deliveries) {
        Map<String, AlertJson.Delivery> last = new LinkedHashMap<>();
        for (AlertJson.Delivery each : deliveries) {
            last.put(channel(each) + " " + each.eventId() + " " + each.state(), each);
        }
        return last.values().stream().map(this::line).toList();
    }

    private static String channel(AlertJson.Delivery delivery) {
        String name = delivery.name();
        return name == null ? "live page" : name;
    }

    private DeliveryLine line(AlertJson.Delivery last) {
        boolean failed = !last.status().equals("DELIVERED");
        Instant again = last.nextAttemptAt();
        String times = last.attempt() == 1 ? "" : failed ? last.attempt() + " times" : "at attempt " + last.attempt();
        String words = (failed ? again == null ? "given up, failed " : "failed " : "delivered ") + times;
        return new DeliveryLine(
                channel(last),
                AlertCard.status(last.state()),
                failed,
                words.strip(),
                last.detail(),
                moment(last.at()),
                again == null ? null : moment(again));
    }

    private ChannelLine line(ChannelHealth channel) {
        Instant last = channel.lastDeliveredAt();
        String words = channel.lastFailure() == null
                ? last == null ? "nothing delivered yet" : "reaches"
                : (channel.up() ? "failed " : "dead: failed ")
                        + (channel.failuresInARow() == 1 ? "once" : channel.failuresInARow() + " times in a row");
        return new ChannelLine(
                channel.name(),
                channel.kind() == Channel.Kind.WEBHOOK ? "webhook" : "e-mail",
                channel.up(),
                words,
                channel.lastFailure(),
                channel.waiting(),
                last == null ? null : moment(last));
    }

    private Moment moment(Instant instant) {
        return Moment.of(instant, zone);
    }
}
