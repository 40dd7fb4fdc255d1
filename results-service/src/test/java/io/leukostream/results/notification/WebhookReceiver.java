package io.leukostream.results.notification;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The other side of a webhook: a real HTTP server that writes down what it gets, and refuses at first. */
public final class WebhookReceiver implements AutoCloseable {
    public static final String SECRET = "not a secret, only a test's";

    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** What was posted. */
    public record Posted(String contentType, String signature, String body, long nanoTime, int answered) {
        /** The CloudEvent. */
        public JsonNode event() {
            try {
                return MAPPER.readTree(body);
            } catch (IOException e) {
                throw new IllegalStateException("no JSON: " + body, e);
            }
        }

        public String id() {
            return event().path("id").asText();
        }

        /** The signature's time, seconds. */
        public long signedAt() {
            return Long.parseLong(signature.substring("t=".length(), signature.indexOf(",v1=")));
        }

        /** Whether the signature is the secret's over time and body. */
        public boolean isSignedBy(String secret) throws Exception {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            byte[] expected = mac.doFinal((signedAt() + "." + body).getBytes(StandardCharsets.UTF_8));
            return signature.endsWith(",v1=" + HexFormat.of().formatHex(expected));
        }
    }

    private final HttpServer server;
    private final AtomicInteger refusals = new AtomicInteger();
    private final List<Posted> posted = new CopyOnWriteArrayList<>();

    /** Refuses so many posts before it takes one. */
    public WebhookReceiver(int refusals) throws IOException {
        this.refusals.set(refusals);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::take);
        server.start();
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            int status = refusals.getAndDecrement() > 0 ? 503 : 204;
            posted.add(new Posted(
                    exchange.getRequestHeaders().getFirst("Content-Type"),
                    exchange.getRequestHeaders().getFirst("Leukostream-Signature"),
                    body,
                    System.nanoTime(),
                    status));
            exchange.sendResponseHeaders(status, -1);
        }
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/pager?token=hidden");
    }

    /** All that was posted, in order. */
    public List<Posted> posted() {
        return List.copyOf(posted);
    }

    /** All that was posted of a step, in order. */
    public List<Posted> posted(String id) {
        return posted.stream().filter(each -> each.id().equals(id)).toList();
    }

    /** Refuses the next ones. */
    public void refuse(int next) {
        refusals.set(next);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
