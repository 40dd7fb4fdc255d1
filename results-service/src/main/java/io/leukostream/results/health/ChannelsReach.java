package io.leukostream.results.health;

import io.leukostream.results.notification.ChannelHealth;
import io.leukostream.results.notification.Notifications;
import io.smallrye.health.api.HealthGroup;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;

/**
 * Down while a channel of alerts is dead, at {@code /q/health/group/alert-channels}. A group of its own: results go on, and
 * no restart of this service mends the other side.
 */
@HealthGroup("alert-channels")
public class ChannelsReach implements HealthCheck {
    private final Notifications notifications;

    ChannelsReach(Notifications notifications) {
        this.notifications = notifications;
    }

    @Override
    public HealthCheckResponse call() {
        HealthCheckResponseBuilder answer = HealthCheckResponse.named("alert channels");
        boolean up = true;
        for (ChannelHealth channel : notifications.health()) {
            up &= channel.up();
            String failure = channel.lastFailure();
            answer.withData(channel.name(), failure == null ? "reaches" : failure);
        }
        return answer.status(up).build();
    }
}
