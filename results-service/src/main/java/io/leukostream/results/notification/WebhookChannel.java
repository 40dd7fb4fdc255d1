package io.leukostream.results.notification;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.jackson.JsonCloudEventData;
import io.cloudevents.jackson.JsonFormat;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Locale;

/**
 * Posts a CloudEvent 1.0 in structured JSON to an address, signed. The body of a step is the same in every attempt; only
 * the signature's time differs. Any answer but 2xx is a failure; redirects are not followed, since the signature is for
 * the configured address.
 */
public final class WebhookChannel implements Channel {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final URI SOURCE = URI.create("/leukostream/results");
    private static final String TYPE = "io.leukostream.alert.";

    private final String name;
    private final URI url;
    private final Duration timeout;
    private final WebhookSignature signature;
    private final Clock clock;
    private final JsonFormat format = new JsonFormat();
    private final HttpClient http;

    /**
     * A webhook.
     *
     * @param secret which its receiver knows too, at least 16 characters
     * @param timeout until the other side has answered
     */
    public WebhookChannel(String name, URI url, String secret, Duration timeout, Clock clock) {
        String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            // The address itself may hold a token.
            throw new IllegalArgumentException("the address of the webhook " + name + " is not one of http or https");
        }
        this.name = name;
        this.url = url;
        this.timeout = timeout;
        this.signature = new WebhookSignature(secret);
        this.clock = clock;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(timeout)
                .build();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Kind kind() {
        return Kind.WEBHOOK;
    }

    @Override
    public Result deliver(AlertMessage message) throws InterruptedException {
        byte[] body = body(message);
        HttpRequest request = HttpRequest.newBuilder(url)
                .timeout(timeout)
                .header("Content-Type", JsonFormat.CONTENT_TYPE + "; charset=UTF-8")
                .header(WebhookSignature.HEADER, signature.of(clock.instant(), body))
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        try {
            // The answer's body is not read: it could be endless.
            HttpResponse<InputStream> response = http.send(request, HttpResponse.BodyHandlers.ofInputStream());
            response.body().close();
            int status = response.statusCode();
            return status >= 200 && status < 300
                    ? new Result.Delivered()
                    : new Result.Failed("The receiver answered " + status + ".");
        } catch (HttpConnectTimeoutException e) {
            return new Result.Failed("The receiver cannot be reached.");
        } catch (HttpTimeoutException e) {
            return new Result.Failed("The receiver did not answer within " + timeout.toMillis() + " ms.");
        } catch (IOException e) {
            return new Result.Failed(
                    "The receiver cannot be reached: " + e.getClass().getSimpleName() + ".");
        }
    }

    byte[] body(AlertMessage message) {
        ObjectNode data = MAPPER.createObjectNode()
                .put("alertId", message.alertId())
                .put("patientId", message.patientId())
                .put("state", message.state())
                .put("step", message.step())
                .put("escalationRung", message.rung())
                .put("escalatedTo", message.escalatedTo())
                .put("kind", message.kind())
                .put("verdictState", message.verdictState())
                .put("evidenceHash", message.evidenceHash())
                .put("raisedAt", message.raisedAt().toString())
                .put("dueAt", message.dueAt().toString())
                .put("patientPage", message.patientPage().toString())
                .put("researchUseOnly", true);
        CloudEvent event = CloudEventBuilder.v1()
                .withId(message.id())
                .withSource(SOURCE)
                .withType(TYPE + message.state().toLowerCase(Locale.ROOT))
                .withSubject(message.alertId())
                .withTime(message.at().atOffset(ZoneOffset.UTC))
                .withDataContentType("application/json")
                .withData(JsonCloudEventData.wrap(data))
                .build();
        return format.serialize(event);
    }
}
