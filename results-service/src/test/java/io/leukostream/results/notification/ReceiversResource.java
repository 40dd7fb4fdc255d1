package io.leukostream.results.notification;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Real other sides for the channels: a webhook that refuses twice, one where nobody listens, and a mail server. */
public class ReceiversResource implements QuarkusTestResourceLifecycleManager {
    static @Nullable WebhookReceiver receiver;
    static @Nullable GreenMail mail;

    @Override
    public Map<String, String> start() {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            WebhookReceiver pager = new WebhookReceiver(2);
            receiver = pager;
            GreenMail server = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
            server.start();
            mail = server;
            Map<String, String> settings = new HashMap<>();
            settings.put("leukostream.notification.base-url", "https://leukostream.example.org");
            settings.put(
                    "leukostream.notification.webhook.pager.url", pager.url().toString());
            settings.put("leukostream.notification.webhook.pager.secret", WebhookReceiver.SECRET);
            settings.put(
                    "leukostream.notification.webhook.nobody.url", "http://127.0.0.1:" + free.getLocalPort() + "/");
            settings.put("leukostream.notification.webhook.nobody.secret", WebhookReceiver.SECRET);
            settings.put("leukostream.notification.e-mail.on-call.from", "leukostream@example.org");
            settings.put("leukostream.notification.e-mail.on-call.to", "haematology@example.org,ward@example.org");
            settings.put("leukostream.notification.retry.first", "200ms");
            settings.put("leukostream.notification.retry.most", "1s");
            settings.put("leukostream.notification.retry.attempts", "4");
            settings.put("leukostream.alert.channels", "pager,nobody,on-call");
            settings.put("leukostream.alert.first-time.time-to-acknowledge", "25s");
            settings.put("leukostream.alert.first-time.escalation-ladder[0].to", "the head of haematology");
            settings.put("leukostream.alert.first-time.escalation-ladder[0].channels", "pager");
            settings.put("leukostream.alert.first-time.escalation-ladder[1].after", "1h");
            settings.put("leukostream.alert.first-time.escalation-ladder[1].to", "the medical director");
            settings.put("quarkus.mailer.host", "127.0.0.1");
            settings.put(
                    "quarkus.mailer.port", Integer.toString(server.getSmtp().getPort()));
            return settings;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static WebhookReceiver receiver() {
        return Objects.requireNonNull(receiver);
    }

    static GreenMail mail() {
        return Objects.requireNonNull(mail);
    }

    @Override
    public void stop() {
        if (receiver != null) {
            receiver.close();
        }
        if (mail != null) {
            mail.stop();
        }
    }
}
