package io.leukostream.results.config;

import io.leukostream.results.domain.AlertLoop;
import io.leukostream.results.domain.AlertRule;
import io.leukostream.results.notification.Channel;
import io.leukostream.results.notification.MailChannel;
import io.leukostream.results.notification.WebhookChannel;
import io.quarkus.mailer.reactive.ReactiveMailer;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** Turns what a site sets about alerts into the domain's rules and into channels; a rule that names no channel of these fails. */
final class AlertSettings {
    private final ResultsConfig.Alerts alerts;
    private final ResultsConfig.Notification notification;

    AlertSettings(ResultsConfig config) {
        this.alerts = config.alert();
        this.notification = config.notification();
    }

    AlertLoop loop() {
        return new AlertLoop(
                rule("first-time", alerts.firstTime()),
                rule("repeat", alerts.repeat()),
                alerts.triage().enabled() ? rule("triage", alerts.triage()) : null);
    }

    /** What an episode does not say itself, all alerts' settings say. */
    private AlertRule rule(String name, ResultsConfig.Episode episode) {
        List<ResultsConfig.Rung> ladder =
                episode.escalationLadder().isEmpty() ? alerts.escalationLadder() : episode.escalationLadder();
        return new AlertRule(
                episode.timeToAcknowledge().orElse(alerts.timeToAcknowledge()),
                ladder.isEmpty()
                        ? AlertRule.DEFAULT_LADDER
                        : ladder.stream()
                                .map(rung -> new AlertRule.Rung(
                                        rung.after(), rung.to(), known("a rung of " + name, rung.channels())))
                                .toList(),
                known(name, episode.channels().or(alerts::channels)));
    }

    private SortedSet<String> known(String who, Optional<List<String>> channels) {
        SortedSet<String> names = new TreeSet<>(channels.orElse(List.of()));
        for (String name : names) {
            if (!notification.webhook().containsKey(name)
                    && !notification.eMail().containsKey(name)) {
                throw new IllegalArgumentException("leukostream.alert: " + who + " names the channel " + name
                        + ", which is neither a webhook nor an e-mail of leukostream.notification");
            }
        }
        return names;
    }

    List<Channel> channels(ReactiveMailer mailer, Clock clock) {
        List<Channel> channels = new ArrayList<>();
        notification
                .webhook()
                .forEach((name, webhook) -> channels.add(
                        new WebhookChannel(name, webhook.url(), webhook.secret(), webhook.timeout(), clock)));
        notification
                .eMail()
                .forEach((name, mail) ->
                        channels.add(new MailChannel(name, mail.from(), mail.to(), mail.timeout(), mailer)));
        return channels;
    }
}
