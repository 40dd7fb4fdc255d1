package io.leukostream.embedded;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Lies between a process and its registry, for tests: passes all on, or answers in the registry's place as it is told, by
 * {@link #answer} or, from another class loader, by a POST of the answer's name to {@link #CONTROL}.
 */
public final class RegistryRelay implements AutoCloseable {
    /** What becomes of a request. */
    public enum Answer {
        /** The registry answers. */
        OF_THE_REGISTRY,
        /** 404, as by a registry that was emptied. */
        NOT_FOUND,
        /** 500. */
        ERROR
    }

    /** The path that takes an answer's name. */
    public static final String CONTROL = "/relay/answer";

    private static final int OK = 200;
    private static final int NOT_FOUND = 404;
    private static final int ERROR = 500;

    private final URI registry;
    private final HttpServer server;
    private final HttpClient client = HttpClient.newHttpClient();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private volatile Answer answer = Answer.OF_THE_REGISTRY;

    private RegistryRelay(URI registry, HttpServer server) {
        this.registry = registry;
        this.server = server;
    }

    /** Starts one on a free port of the loopback address; it passes all on. */
    public static RegistryRelay to(String registryUrl) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        RegistryRelay relay = new RegistryRelay(URI.create(registryUrl), server);
        server.setExecutor(relay.threads);
        server.createContext("/", relay::handle);
        server.createContext(CONTROL, relay::control);
        server.start();
        return relay;
    }

    /** The registry's core API by this way. */
    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + registry.getPath();
    }

    /** From now on. */
    public void answer(Answer next) {
        answer = next;
    }

    private void control(HttpExchange exchange) throws IOException {
        try (exchange) {
            answer(Answer.valueOf(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
            send(exchange, OK, "text/plain", new byte[0]);
        }
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] question = exchange.getRequestBody().readAllBytes();
            switch (answer) {
                case OF_THE_REGISTRY -> pass(exchange, question);
                case NOT_FOUND -> refuse(exchange, NOT_FOUND);
                case ERROR -> refuse(exchange, ERROR);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void pass(HttpExchange exchange, byte[] question) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        registry.resolve(exchange.getRequestURI().toString()))
                .method(
                        exchange.getRequestMethod(),
                        question.length == 0
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofByteArray(question));
        for (String header : new String[] {"Content-Type", "Accept"}) {
            String value = exchange.getRequestHeaders().getFirst(header);
            if (value != null) {
                request.header(header, value);
            }
        }
        HttpResponse<byte[]> told = client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        send(
                exchange,
                told.statusCode(),
                told.headers().firstValue("Content-Type").orElse("application/json"),
                told.body());
    }

    private static void refuse(HttpExchange exchange, int status) throws IOException {
        String problem = "{\"status\":" + status + ",\"title\":\"no\"}";
        send(exchange, status, "application/json", problem.getBytes(StandardCharsets.UTF_8));
    }

    private static void send(HttpExchange exchange, int status, String type, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
        client.shutdownNow();
    }
}
