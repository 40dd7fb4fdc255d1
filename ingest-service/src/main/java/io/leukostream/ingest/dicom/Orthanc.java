package io.leukostream.ingest.dicom;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.leukostream.ingest.domain.DicomPlace;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of Orthanc's REST interface (1.9 or newer). Every method throws {@link OrthancAwayException} where
 * Orthanc does not answer; any number of threads may call.
 */
final class Orthanc implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final int MOST_JSON_BYTES = 8 << 20;
    /** 64 bits tell two instances at one number apart. */
    private static final int FINGERPRINT_BYTES = 8;

    private static final int OK = 200;
    private static final int UNAUTHORISED = 401;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final int SERVER_ERROR = 500;

    /**
     * One entry of the list of changes.
     *
     * @param instance Orthanc's id of the instance that is new; null where the change is another
     */
    record Change(long sequence, @Nullable String instance, String fingerprint) {
        DicomPlace.Mark mark() {
            return new DicomPlace.Mark(sequence, fingerprint);
        }
    }

    /**
     * Some of the changes, in ascending order.
     *
     * @param isLast whether there were no more when it was asked
     */
    record Changes(List<Change> entries, boolean isLast) {}

    /** What Orthanc answered about an instance. */
    sealed interface Answer {
        /**
         * What was asked for.
         *
         * @param content from position to limit
         */
        record Bytes(ByteBuffer content) implements Answer {}

        /** There is no such instance, or no such part of it. */
        record None() implements Answer {}

        /** Orthanc cannot make what was asked for out of the instance. */
        record Refused(int status) implements Answer {}

        /** More bytes than were allowed. */
        record TooLarge() implements Answer {}
    }

    private final URI root;
    private final @Nullable String authorization;
    private final Duration timeout;
    private final HttpClient client;

    Orthanc(DicomSettings settings) {
        String address = settings.orthanc().toString();
        this.root = URI.create(address.endsWith("/") ? address : address + "/");
        this.authorization = settings.username() == null
                ? null
                : "Basic "
                        + Base64.getEncoder()
                                .encodeToString((settings.username() + ":" + settings.password())
                                        .getBytes(StandardCharsets.UTF_8));
        this.timeout = settings.timeout();
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(CONNECT)
                .build();
    }

    /** Returns if Orthanc answers. */
    void check() throws OrthancAwayException {
        json("system");
    }

    /** Changes after one, oldest first. */
    Changes changes(long after, int most) throws OrthancAwayException {
        JsonNode list = json("changes?since=" + after + "&limit=" + most);
        List<Change> entries = new ArrayList<>();
        for (JsonNode each : list.path("Changes")) {
            long sequence = each.path("Seq").asLong();
            String id = each.path("ID").asText();
            if (sequence <= after) {
                throw new OrthancAwayException("its list of changes is in no order");
            }
            boolean isNew = each.path("ChangeType").asText().equals("NewInstance");
            entries.add(new Change(
                    sequence,
                    isNew ? id : null,
                    fingerprint(id + "|" + each.path("Date").asText())));
        }
        return new Changes(entries, list.path("Done").asBoolean(entries.isEmpty()) || entries.isEmpty());
    }

    /** The number of the last change. */
    long lastChange() throws OrthancAwayException {
        return json("changes?last").path("Last").asLong();
    }

    /** The attributes of an instance as JSON, pixels aside. */
    Answer attributes(String instance) throws OrthancAwayException {
        return get("instances/" + checked(instance) + "/tags?short", null, MOST_JSON_BYTES);
    }

    /** What Orthanc noted when it received an instance, as JSON. */
    Answer reception(String instance) throws OrthancAwayException {
        return get("instances/" + checked(instance) + "/metadata?expand", null, MOST_JSON_BYTES);
    }

    /**
     * One frame.
     *
     * @param frame from 0
     * @param how {@code raw}: as it is coded in the file; {@code preview}, {@code image-uint8}: decoded, as a PAM file
     */
    Answer frame(String instance, int frame, String how, int mostBytes) throws OrthancAwayException {
        return get(
                "instances/" + checked(instance) + "/frames/" + frame + "/" + how,
                how.equals("raw") ? "*/*" : "image/x-portable-arbitrarymap",
                mostBytes);
    }

    /** Reads an answer that must be JSON. */
    static JsonNode json(ByteBuffer content) throws OrthancAwayException {
        try {
            return JSON.readTree(
                    StandardCharsets.UTF_8.decode(content.duplicate()).toString());
        } catch (IOException e) {
            // A parser's message quotes what it read.
            throw new OrthancAwayException("it answered with something that is no JSON");
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
        client.close();
    }

    private JsonNode json(String path) throws OrthancAwayException {
        return switch (get(path, null, MOST_JSON_BYTES)) {
            case Answer.Bytes(ByteBuffer content) -> json(content);
            case Answer.None none -> throw new OrthancAwayException("there is no Orthanc at its address");
            case Answer.Refused(int status) -> throw new OrthancAwayException("it answers " + status);
            case Answer.TooLarge tooLarge -> throw new OrthancAwayException("its answer is too large");
        };
    }

    private Answer get(String path, @Nullable String accepted, int mostBytes) throws OrthancAwayException {
        HttpRequest.Builder request = HttpRequest.newBuilder(root.resolve(path)).timeout(timeout);
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        if (accepted != null) {
            request.header("Accept", accepted);
        }
        CompletableFuture<HttpResponse<byte[]>> answer = client.sendAsync(
                request.build(),
                HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofByteArray(), mostBytes));
        try {
            return answer(answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS));
        } catch (ExecutionException e) {
            if (isTooLarge(e.getCause())) {
                return new Answer.TooLarge();
            }
            throw new OrthancAwayException(
                    e.getCause() == null ? "no answer" : e.getCause().getClass().getSimpleName());
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw new OrthancAwayException("no answer within " + timeout);
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw new OrthancAwayException("interrupted");
        }
    }

    private static Answer answer(HttpResponse<byte[]> response) throws OrthancAwayException {
        int status = response.statusCode();
        return switch (status) {
            case OK -> new Answer.Bytes(ByteBuffer.wrap(response.body()));
            case NOT_FOUND -> new Answer.None();
            case UNAUTHORISED, FORBIDDEN ->
                throw new OrthancAwayException("it refuses these credentials (" + status + ")");
            default -> {
                if (status >= SERVER_ERROR || status < OK) {
                    throw new OrthancAwayException("it answers " + status);
                }
                yield new Answer.Refused(status);
            }
        };
    }

    /** The client says so only in the message. */
    private static boolean isTooLarge(@Nullable Throwable cause) {
        for (Throwable each = cause; each != null; each = each.getCause()) {
            if (each.getMessage() != null && each.getMessage().contains("exceeds capacity")) {
                return true;
            }
        }
        return false;
    }

    /** Becomes part of an address. */
    private static String checked(String instance) throws OrthancAwayException {
        if (!instance.matches("[0-9a-f-]{1,64}")) {
            throw new OrthancAwayException("it names an instance in a way that Orthanc does not");
        }
        return instance;
    }

    private static String fingerprint(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, FINGERPRINT_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
