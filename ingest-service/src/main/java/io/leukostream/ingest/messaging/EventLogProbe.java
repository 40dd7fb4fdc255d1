package io.leukostream.ingest.messaging;

import io.leukostream.ingest.domain.LogPosition;
import io.leukostream.ingest.domain.ProblemCode;
import io.leukostream.ingest.domain.UnavailableException;
import io.leukostream.schemas.KeptSchemas;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/** Asks broker and registry whether they are there, each within a second or two. */
public final class EventLogProbe implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final int OK = 200;

    private final String registryUrl;
    private final Admin admin;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
    private final HttpRequest registryInformation;

    public EventLogProbe(String bootstrapServers, String registryUrl) {
        this.registryUrl = registryUrl;
        int timeoutMillis = Math.toIntExact(TIMEOUT.toMillis());
        this.admin = Admin.create(Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers,
                AdminClientConfig.CLIENT_ID_CONFIG, "leukostream-ingest-health",
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, timeoutMillis,
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, timeoutMillis,
                AdminClientConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 1000));
        this.registryInformation = HttpRequest.newBuilder(URI.create(registryUrl + "/system/info"))
                .timeout(TIMEOUT)
                .build();
    }

    /** Whether a broker answers. */
    public boolean brokerAnswers() throws InterruptedException {
        try {
            return !admin.describeCluster()
                    .nodes()
                    .get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                    .isEmpty();
        } catch (ExecutionException | TimeoutException e) {
            return false;
        }
    }

    /**
     * Whether a record that was written there has not expired.
     *
     * @throws UnavailableException if the broker does not answer
     */
    public boolean holds(LogPosition position) {
        TopicPartition partition = new TopicPartition(position.topic(), position.partition());
        try {
            return admin.listOffsets(Map.of(partition, OffsetSpec.earliest()))
                            .partitionResult(partition)
                            .get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                            .offset()
                    <= position.offset();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnavailableException(ProblemCode.BROKER_UNAVAILABLE, "interrupted", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new UnavailableException(
                    ProblemCode.BROKER_UNAVAILABLE, "the broker does not tell where the log begins", e);
        }
    }

    /** Whether the registry has told the ids of this version's schemas. */
    public boolean schemasAreKnown() {
        return KeptSchemas.areComplete(registryUrl);
    }

    /** Whether the registry answers. */
    public boolean registryAnswers() throws InterruptedException {
        try {
            return http.send(registryInformation, HttpResponse.BodyHandlers.discarding())
                            .statusCode()
                    == OK;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() {
        admin.close(TIMEOUT);
        http.close();
    }
}
