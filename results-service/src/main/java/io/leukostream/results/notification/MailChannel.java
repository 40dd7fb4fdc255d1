package io.leukostream.results.notification;

import io.leukostream.results.domain.Alert;
import io.quarkus.mailer.Mail;
import io.quarkus.mailer.reactive.ReactiveMailer;
import java.net.ConnectException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jboss.logging.Logger;

/**
 * Sends a plain e-mail. The message id of a step is the same in every attempt, so that mail programs show a repeat once.
 * The server is Quarkus's mailer's, by its own settings.
 */
public final class MailChannel implements Channel {
    static final String ID_HEADER = "Leukostream-Event-Id";

    private static final Logger LOG = Logger.getLogger(MailChannel.class);

    private final String name;
    private final String from;
    private final List<String> to;
    private final Duration timeout;
    private final ReactiveMailer mailer;

    /** Sends with this mailer, from an address to others; waits so long for the server. */
    public MailChannel(String name, String from, List<String> to, Duration timeout, ReactiveMailer mailer) {
        if (to.isEmpty()) {
            throw new IllegalArgumentException("the e-mail channel " + name + " has no address to send to");
        }
        this.name = name;
        this.from = from;
        this.to = List.copyOf(to);
        this.timeout = timeout;
        this.mailer = mailer;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Kind kind() {
        return Kind.E_MAIL;
    }

    @Override
    public Result deliver(AlertMessage message) {
        Mail mail = new Mail()
                .setFrom(from)
                .setTo(to)
                .setSubject(subject(message))
                .setText(text(message))
                .addHeader("Message-ID", "<" + message.id() + "@leukostream>")
                .addHeader(ID_HEADER, message.id());
        try {
            mailer.send(mail).await().atMost(timeout);
            return new Result.Delivered();
        } catch (io.smallrye.mutiny.TimeoutException e) {
            return new Result.Failed("The mail server did not answer within " + timeout.toMillis() + " ms.");
        } catch (RuntimeException e) {
            LOG.infof(e, "The mail server did not take an alert, channel %s", name);
            boolean away = e.getCause() instanceof ConnectException;
            return new Result.Failed(
                    away ? "The mail server cannot be reached." : "The mail server did not take the message.");
        }
    }

    static String subject(AlertMessage message) {
        return "Leukostream alert " + message.state().toLowerCase(Locale.ROOT) + ", patient " + message.patientId()
                + " (research use only)";
    }

    static String text(AlertMessage message) {
        StringBuilder text = new StringBuilder();
        text.append(
                switch (message.state()) {
                    case "RAISED" ->
                        "An alert was raised. Please read it back by " + message.dueAt() + ", or it is escalated.";
                    case "ESCALATED" ->
                        "Nobody acknowledged this alert in time. It is escalated to " + message.escalatedTo() + ".";
                    case "ACKNOWLEDGED" -> "The alert was acknowledged.";
                    case "SUPERSEDED" -> "The alert is superseded: new evidence took away what it rested on.";
                    case "CLOSED" -> "The alert was closed.";
                    default -> "The alert is " + message.state() + ".";
                });
        if (message.kind().equals(Alert.Kind.TRIAGE_URGENT.name())) {
            text.append(
                    "\n\nIt is about the order of work: the model's calls on a specimen are unlike those on normal ones, and"
                            + " nobody has looked at it.");
        }
        return text.append("\n\nPatient code: ")
                .append(message.patientId())
                .append("\nVerdict: ")
                .append(message.verdictState())
                .append("\nEvidence: ")
                .append(message.evidenceHash())
                .append("\nRaised at: ")
                .append(message.raisedAt())
                .append("\nLook at it: ")
                .append(message.patientPage())
                .append(
                        "\n\nResearch use only: a haematologist decides. This message can come more than once; its id is ")
                .append(message.id())
                .append(".\n")
                .toString();
    }
}
