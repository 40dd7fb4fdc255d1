package io.leukostream.embedded;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.leukostream.schemas.ImageLimit;
import io.leukostream.schemas.Topic;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;

/** Creates the topics and registers the schemas with their rules; harmless when all is there already. */
public final class Provisioning {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final ObjectMapper JSON = new ObjectMapper();

    private Provisioning() {}

    /**
     * Creates the topics that are missing and gives those that exist today's settings.
     *
     * @param replicas the replication factor of new topics
     * @throws IllegalStateException if the broker refuses
     */
    public static void topics(String bootstrapServers, ImageLimit limit, short replicas) throws InterruptedException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            Set<String> existing = admin.listTopics().names().get();
            List<NewTopic> missing = new ArrayList<>();
            Map<ConfigResource, Collection<AlterConfigOp>> changes = new HashMap<>();
            for (Topic topic : Topic.values()) {
                Map<String, String> settings = topic.settings(limit);
                if (existing.contains(topic.topicName())) {
                    changes.put(
                            new ConfigResource(ConfigResource.Type.TOPIC, topic.topicName()),
                            settings.entrySet().stream()
                                    .map(e -> new AlterConfigOp(
                                            new ConfigEntry(e.getKey(), e.getValue()), AlterConfigOp.OpType.SET))
                                    .toList());
                } else {
                    missing.add(new NewTopic(topic.topicName(), topic.partitions(), replicas).configs(settings));
                }
            }
            admin.createTopics(missing).all().get();
            admin.incrementalAlterConfigs(changes).all().get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("the broker at " + bootstrapServers + " refused the topics", e.getCause());
        }
    }

    /**
     * Registers today's schemas and sets their compatibility rules.
     *
     * @param registryUrl the registry's core API
     * @throws IOException if the registry does not answer, or refuses a schema that would break a reader
     */
    public static void schemas(String registryUrl) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            for (Topic topic : Topic.values()) {
                Map<String, Object> artifact = Map.of(
                        "artifactId", topic.subject(),
                        "artifactType", "AVRO",
                        "firstVersion",
                                Map.of(
                                        "content",
                                        Map.of(
                                                "content",
                                                topic.valueSchema().toString(),
                                                "contentType",
                                                "application/json")));
                String artifacts = registryUrl + "/groups/default/artifacts";
                expect(200, client, "POST", artifacts + "?ifExists=FIND_OR_CREATE_VERSION", artifact);
                String rules = artifacts + "/" + topic.subject() + "/rules";
                Map<String, Object> rule = Map.of(
                        "ruleType",
                        "COMPATIBILITY",
                        "config",
                        topic.compatibility().name());
                if (send(client, "POST", rules, rule).statusCode() == 409) {
                    expect(200, client, "PUT", rules + "/COMPATIBILITY", rule);
                }
            }
        }
    }

    private static void expect(int status, HttpClient client, String method, String url, Map<String, Object> body)
            throws IOException, InterruptedException {
        HttpResponse<String> response = send(client, method, url, body);
        if (response.statusCode() != status) {
            throw new IOException(
                    "the registry answered " + response.statusCode() + " to " + url + ": " + response.body());
        }
    }

    private static HttpResponse<String> send(HttpClient client, String method, String url, Map<String, Object> body)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                .timeout(TIMEOUT)
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }
}
