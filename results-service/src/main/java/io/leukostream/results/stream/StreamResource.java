package io.leukostream.results.stream;

import io.leukostream.events.AlertDelivery;
import io.leukostream.results.config.ResultsConfig;
import io.leukostream.results.rest.AlertJson;
import io.leukostream.results.rest.Commands;
import io.leukostream.results.rest.ImageJson;
import io.leukostream.results.rest.ResultsQueries;
import io.leukostream.results.topology.StoresNotReady;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.MultiEmitter;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.RestHeader;
import org.jspecify.annotations.Nullable;

/**
 * Server-sent events {@code verdict}, {@code alert}, {@code delivery} (of an alert, with the alert) and {@code outcome},
 * each with the JSON of its GET as it stands when it is told. A client that comes back with {@code Last-Event-ID} gets what it missed; where that is forgotten, or this
 * process is a new one, it gets {@code reset} and asks for everything anew.
 */
@Path("/api/v1/stream")
public class StreamResource {
    private static final Logger LOG = Logger.getLogger(StreamResource.class);
    private static final Duration SLOW_CLIENT_PAUSE = Duration.ofMillis(20);
    private static final Duration OUTCOME_PATIENCE = Duration.ofSeconds(3);
    private static final int MOST_NOTED = 10_000;

    private final LiveEvents events;
    private final ResultsQueries queries;
    private final Commands commands;
    private final Duration heartbeat;
    private final Set<String> noted = ConcurrentHashMap.newKeySet();

    StreamResource(LiveEvents events, ResultsQueries queries, Commands commands, ResultsConfig config) {
        this.events = events;
        this.queries = queries;
        this.commands = commands;
        this.heartbeat = config.stream().heartbeat();
    }

    /** Everything that changes from now on, or from where the client stopped. */
    @GET
    @Produces(MediaType.SERVER_SENT_EVENTS)
    public Multi<OutboundSseEvent> stream(@RestHeader("Last-Event-ID") @Nullable String lastEventId, @Context Sse sse) {
        long place = lastEventId == null ? events.last() : events.place(lastEventId);
        return Multi.createFrom()
                .emitter(emitter -> Thread.ofVirtual().name("live-client").start(() -> tell(place, emitter, sse)));
    }

    private void tell(long from, MultiEmitter<? super OutboundSseEvent> client, Sse sse) {
        try {
            long place = from;
            emit(client, comment(sse));
            if (place < 0) {
                place = events.last();
                emit(client, reset(sse, place));
            }
            while (!client.isCancelled()) {
                LiveEvents.Batch batch = events.after(place, heartbeat);
                if (batch.missed()) {
                    emit(client, reset(sse, batch.last()));
                } else if (batch.events().isEmpty()) {
                    emit(client, comment(sse));
                }
                for (LiveEvent event : batch.events()) {
                    tell(event, client, sse);
                }
                place = batch.last();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.warn("A live stream ended by an error; its client comes back by itself", e);
            client.fail(e);
        }
    }

    private void tell(LiveEvent event, MultiEmitter<? super OutboundSseEvent> client, Sse sse)
            throws InterruptedException {
        Object json = json(event);
        if (json == null) {
            return;
        }
        emit(
                client,
                sse.newEventBuilder()
                        .id(events.id(event.sequence()))
                        .name(event.kind().name().toLowerCase(Locale.ROOT))
                        .mediaType(MediaType.APPLICATION_JSON_TYPE)
                        .data(json)
                        .build());
        if (json instanceof AlertJson alert) {
            note(alert);
        }
    }

    /** What the event's GET answers; null where nothing is known any more. An outcome may be read here before there. */
    private @Nullable Object json(LiveEvent event) throws InterruptedException {
        long deadline = System.nanoTime() + OUTCOME_PATIENCE.toNanos();
        while (true) {
            boolean late = System.nanoTime() > deadline;
            try {
                Object json = switch (event.kind()) {
                    case VERDICT -> queries.verdict(event.key()).orElse(null);
                    case ALERT, DELIVERY -> queries.alert(event.key()).orElse(null);
                    case OUTCOME -> queries.image(event.key()).orElse(null);
                };
                boolean early = json == null
                        || (json instanceof ImageJson image && image.outcome().equals("PENDING"));
                if (!early || late) {
                    return json;
                }
            } catch (StoresNotReady e) {
                if (late) {
                    throw e;
                }
            }
            Thread.sleep(SLOW_CLIENT_PAUSE);
        }
    }

    /** Notes once that somebody's page was told of an alert. */
    private void note(AlertJson alert) {
        if (!alert.state().equals("RAISED") || !noted.add(alert.alertId())) {
            return;
        }
        if (noted.size() > MOST_NOTED) {
            noted.clear();
        }
        try {
            commands.delivered(AlertDelivery.newBuilder()
                    .setAlertId(alert.alertId())
                    .setPatientId(alert.patientId())
                    .setAlertState(alert.state())
                    .setChannel("STREAM")
                    .setAttempt(1)
                    .setStatus("DELIVERED")
                    .setAt(Instant.now().truncatedTo(ChronoUnit.MILLIS))
                    .build());
        } catch (WebApplicationException e) {
            noted.remove(alert.alertId());
            LOG.warn("A delivery by the live stream could not be noted; the next one will be");
        }
    }

    private static void emit(MultiEmitter<? super OutboundSseEvent> client, OutboundSseEvent event)
            throws InterruptedException {
        while (!client.isCancelled() && client.requested() <= 0) {
            Thread.sleep(SLOW_CLIENT_PAUSE);
        }
        client.emit(event);
    }

    private static OutboundSseEvent comment(Sse sse) {
        return sse.newEventBuilder().comment("research use only").build();
    }

    private OutboundSseEvent reset(Sse sse, long place) {
        return sse.newEventBuilder()
                .id(events.id(place))
                .name("reset")
                .mediaType(MediaType.APPLICATION_JSON_TYPE)
                .data(Map.of("reason", "events before this one are forgotten"))
                .build();
    }
}
