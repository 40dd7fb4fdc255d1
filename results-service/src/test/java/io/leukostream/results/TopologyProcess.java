package io.leukostream.results;

import io.leukostream.results.audit.SiteKey;
import io.leukostream.results.domain.AlertLoop;
import io.leukostream.results.domain.AlertRule;
import io.leukostream.results.domain.VerdictPolicy;
import io.leukostream.results.notification.Notifications;
import io.leukostream.results.notification.RetryPolicy;
import io.leukostream.results.notification.WebhookChannel;
import io.leukostream.results.rest.Commands;
import io.leukostream.results.topology.RegistrySerdes;
import io.leukostream.results.topology.ResultsTopology;
import io.leukostream.results.topology.StreamsRuntime;
import io.leukostream.results.topology.StreamsSettings;
import io.leukostream.results.topology.TopologyObserver;
import io.leukostream.results.topology.TopologySettings;
import io.leukostream.schemas.ImageLimit;
import io.leukostream.schemas.Topic;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.StringSerializer;

/** What of the results service makes and tells alerts, in a process that a test can end with SIGKILL. */
public final class TopologyProcess {
    static final Duration SECOND_RUNG = Duration.ofSeconds(6);

    private TopologyProcess() {}

    /** Runs until it is killed: broker, registry, folder, the webhook's address and secret, the time to acknowledge. */
    public static void main(String[] arguments) throws InterruptedException {
        String bootstrapServers = arguments[0];
        RegistrySerdes serdes = new RegistrySerdes(arguments[1]);
        AlertRule rule = new AlertRule(
                Duration.parse(arguments[5]),
                List.of(
                        new AlertRule.Rung(Duration.ZERO, "one", new TreeSet<>()),
                        new AlertRule.Rung(SECOND_RUNG, "two", new TreeSet<>())),
                new TreeSet<>());
        StreamsRuntime runtime = new StreamsRuntime(
                ResultsTopology.build(
                        new TopologySettings(
                                VerdictPolicy.DEFAULT,
                                new AlertLoop(rule, rule),
                                Duration.ofMillis(200),
                                SiteKey.keptAt(Path.of(arguments[2]).resolveSibling("audit-key.pem"))),
                        serdes),
                new StreamsSettings(
                        bootstrapServers,
                        Path.of(arguments[2]),
                        "1",
                        "127.0.0.1:1",
                        1,
                        Duration.ofSeconds(6),
                        Duration.ofMillis(100),
                        -1,
                        0,
                        ImageLimit.DEFAULT),
                serdes,
                TopologyObserver.NONE);
        KafkaProducer<String, SpecificRecord> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers, "acks", "all"),
                new StringSerializer(),
                serdes.<SpecificRecord>of(Topic.ALERT_DELIVERIES).serializer());
        Commands commands = new Commands(producer);
        Notifications notifications = new Notifications(
                List.of(new WebhookChannel(
                        "pager", URI.create(arguments[3]), arguments[4], Duration.ofSeconds(5), Clock.systemUTC())),
                bootstrapServers,
                "1",
                Duration.ofSeconds(6),
                URI.create("http://127.0.0.1:8080"),
                new RetryPolicy(Duration.ofMillis(500), Duration.ofSeconds(4), 12),
                () -> serdes.<SpecificRecord>of(Topic.HEMATOLOGY_ALERTS).deserializer(),
                commands::delivered,
                Clock.systemUTC());
        runtime.start();
        notifications.start();
        new CountDownLatch(1).await();
    }
}
