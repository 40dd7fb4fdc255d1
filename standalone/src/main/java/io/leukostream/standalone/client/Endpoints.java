package io.leukostream.standalone.client;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/**
 * Where ingest and results answer.
 *
 * @param ingest the base address of ingest, without a slash at the end
 * @param results the base address of results, without a slash at the end
 */
public record Endpoints(String ingest, String results) {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    public Endpoints {
        ingest = withoutSlash(ingest);
        results = withoutSlash(results);
    }

    /** Of a system on this machine. */
    public static Endpoints local(int portBase) {
        return new Endpoints("http://127.0.0.1:" + (portBase + 1), "http://127.0.0.1:" + portBase);
    }

    /**
     * Of the system that an address belongs to: that of the dashboard or that of ingest, whichever answers to it. The
     * other one is on the neighbouring port.
     *
     * @throws Unreachable if nothing answers there
     */
    public static Endpoints of(String url) throws Unreachable, InterruptedException {
        URI uri = URI.create(withoutSlash(url));
        if (uri.getHost() == null) {
            throw new Unreachable("not an address: " + url);
        }
        try (HttpClient client = HttpClient.newBuilder().connectTimeout(TIMEOUT).build()) {
            // Only ingest takes images: results answers 404 here, ingest that the method is wrong.
            HttpRequest request = HttpRequest.newBuilder(URI.create(withoutSlash(url) + "/api/v1/images"))
                    .timeout(TIMEOUT)
                    .build();
            int status =
                    client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
            return status == 405 ? new Endpoints(url, neighbour(uri, -1)) : new Endpoints(neighbour(uri, 1), url);
        } catch (IOException e) {
            throw new Unreachable("Nothing answers at " + url + "; is Leukostream up?", e);
        }
    }

    private static String neighbour(URI uri, int offset) {
        int port = uri.getPort() > 0 ? uri.getPort() : uri.getScheme().equals("https") ? 443 : 80;
        return uri.getScheme() + "://" + uri.getHost() + ":" + (port + offset);
    }

    private static String withoutSlash(String url) {
        return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    }
}
