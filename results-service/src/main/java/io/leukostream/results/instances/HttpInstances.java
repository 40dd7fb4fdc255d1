package io.leukostream.results.instances;

import io.leukostream.results.topology.OtherInstances;
import io.leukostream.results.topology.StoreQuestion;
import io.leukostream.results.topology.StoresNotReady;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.stream.Collectors;

/** Asks the other instances over HTTP. Whatever they answer but entries means that the stores are not ready. */
public final class HttpInstances implements OtherInstances, AutoCloseable {
    private final HttpClient http;
    private final Duration timeout;

    /**
     * Connects when first asked.
     *
     * @param timeout how long one answer may take
     */
    public HttpInstances(Duration timeout) {
        this.timeout = timeout;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(timeout)
                .build();
    }

    @Override
    public byte[] ask(String instance, StoreQuestion question) {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://" + instance + StoresResource.PATH + "/" + path(question)))
                .timeout(timeout)
                .build();
        HttpResponse<byte[]> response;
        try {
            response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new StoresNotReady("the instance " + instance + " does not answer: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoresNotReady("interrupted while the instance " + instance + " was asked", e);
        }
        return switch (response.statusCode()) {
            case 200 -> response.body();
            // Nothing to send is sent so.
            case 204 -> new byte[0];
            default -> throw new StoresNotReady("the instance " + instance + " answered " + response.statusCode());
        };
    }

    private static String path(StoreQuestion question) {
        return question.store()
                + switch (question) {
                    case StoreQuestion.Keys(var _, var keys) -> "/" + StoresResource.KEYS + "?" + each("key", keys);
                    case StoreQuestion.Prefix(var _, String prefix) ->
                        "/" + StoresResource.PREFIX + "?prefix=" + encoded(prefix);
                    case StoreQuestion.Partitions(var _, var partitions, String from) ->
                        "/" + StoresResource.PARTITIONS + "?" + each("partition", partitions) + "&from="
                                + encoded(from);
                };
    }

    private static String each(String name, Collection<?> values) {
        return values.stream()
                .map(value -> name + "=" + encoded(value.toString()))
                .collect(Collectors.joining("&"));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
