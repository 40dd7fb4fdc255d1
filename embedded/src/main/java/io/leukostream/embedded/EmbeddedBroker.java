package io.leukostream.embedded;

import io.leukostream.schemas.ImageLimit;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/**
 * One Kafka broker that is its own controller, in this JVM, on 127.0.0.1. What it holds survives the death of every
 * process of the machine, not a power cut: records are in the page cache when they are acknowledged.
 */
public final class EmbeddedBroker implements AutoCloseable {
    private static final int NODE = 1;
    private static final String LISTENER = "BROKER";
    private static final String CONTROLLER = "CONTROLLER";

    private final KafkaRaftServer server;
    private final int port;

    private EmbeddedBroker(KafkaRaftServer server, int port) {
        this.server = server;
        this.port = port;
    }

    /**
     * Starts a broker and returns when it answers.
     *
     * @param folder where it keeps its log; formatted if it is new
     * @param port the port for clients; the controller listens on the next one
     * @param limit the limit on image bytes, from which the largest record is derived
     * @throws IllegalStateException if the folder cannot be formatted or the broker does not start
     */
    public static EmbeddedBroker start(Path folder, int port, ImageLimit limit) {
        Path log = folder.toAbsolutePath();
        format(log);
        KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(settings(log, port, limit), false), Time.SYSTEM);
        try {
            server.startup();
        } catch (RuntimeException e) {
            throw new IllegalStateException("the broker did not start on port " + port + " with " + folder, e);
        }
        return new EmbeddedBroker(server, port);
    }

    /** What a client connects to. */
    public String bootstrapServers() {
        return "127.0.0.1:" + port;
    }

    /** Blocks until the broker has stopped. */
    public void awaitShutdown() {
        server.awaitShutdown();
    }

    /** Stops it; returns when the log is closed. */
    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
    }

    private static void format(Path log) {
        if (Files.exists(log.resolve("meta.properties"))) {
            return;
        }
        try {
            Files.createDirectories(log);
            new Formatter()
                    .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                    .setNodeId(NODE)
                    .setClusterId(Uuid.randomUuid().toString())
                    .setReleaseVersion(MetadataVersion.latestProduction())
                    .setControllerListenerName(CONTROLLER)
                    .setMetadataLogDirectory(log.toString())
                    .addDirectory(log.toString())
                    .setIgnoreFormatted(true)
                    .run();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the broker's folder " + log, e);
        } catch (Exception e) {
            throw new IllegalStateException("cannot format the broker's folder " + log, e);
        }
    }

    private static Map<String, Object> settings(Path log, int port, ImageLimit limit) {
        int controllerPort = port + 1;
        Map<String, Object> settings = new HashMap<>();
        settings.put("process.roles", "broker,controller");
        settings.put("node.id", Integer.toString(NODE));
        settings.put("controller.quorum.voters", NODE + "@127.0.0.1:" + controllerPort);
        settings.put("controller.listener.names", CONTROLLER);
        settings.put(
                "listeners", LISTENER + "://127.0.0.1:" + port + "," + CONTROLLER + "://127.0.0.1:" + controllerPort);
        settings.put("advertised.listeners", LISTENER + "://127.0.0.1:" + port);
        settings.put("listener.security.protocol.map", LISTENER + ":PLAINTEXT," + CONTROLLER + ":PLAINTEXT");
        settings.put("inter.broker.listener.name", LISTENER);
        settings.put("log.dirs", log.toString());
        settings.put("auto.create.topics.enable", "false");
        settings.put("default.replication.factor", "1");
        settings.put("offsets.topic.replication.factor", "1");
        settings.put("offsets.topic.num.partitions", "8");
        settings.put("transaction.state.log.replication.factor", "1");
        settings.put("transaction.state.log.min.isr", "1");
        settings.put("transaction.state.log.num.partitions", "8");
        settings.put("share.coordinator.state.topic.replication.factor", "1");
        settings.put("share.coordinator.state.topic.min.isr", "1");
        settings.put("group.initial.rebalance.delay.ms", "0");
        settings.put("message.max.bytes", Integer.toString(limit.maxRecordBytes()));
        settings.put("replica.fetch.max.bytes", Integer.toString(limit.maxRecordBytes()));
        settings.put("socket.request.max.bytes", Integer.toString(limit.maxRecordBytes() * 4));
        settings.put("log.cleaner.dedupe.buffer.size", Integer.toString(16 << 20));
        // A service whose clock is wrong goes on; by default what it writes an hour early is refused.
        settings.put("log.message.timestamp.after.max.ms", Long.toString(Long.MAX_VALUE));
        settings.put("transaction.abort.timed.out.transaction.cleanup.interval.ms", "2000");
        return settings;
    }
}
