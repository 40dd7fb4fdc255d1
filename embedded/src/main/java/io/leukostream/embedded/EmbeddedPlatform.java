package io.leukostream.embedded;

import io.leukostream.schemas.ImageLimit;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;

/**
 * Broker and registry on free ports of 127.0.0.1, with all topics and schemas, for tests. The registry's distribution
 * is named by the system property {@code leukostream.registry.home}, which the parent pom sets.
 */
public final class EmbeddedPlatform implements AutoCloseable {
    private final EmbeddedBroker broker;
    private final EmbeddedRegistry registry;

    private EmbeddedPlatform(EmbeddedBroker broker, EmbeddedRegistry registry) {
        this.broker = broker;
        this.registry = registry;
    }

    /**
     * Starts both beside each other.
     *
     * @param folder where both keep what they hold
     */
    public static EmbeddedPlatform start(Path folder) throws IOException, InterruptedException {
        String home = System.getProperty("leukostream.registry.home");
        if (home == null) {
            throw new IllegalStateException("the system property leukostream.registry.home names no registry");
        }
        int port = threeFreePorts();
        EmbeddedRegistry registry = EmbeddedRegistry.start(Path.of(home), folder.resolve("registry"), port + 2);
        try {
            EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("broker"), port, ImageLimit.DEFAULT);
            try {
                Provisioning.topics(broker.bootstrapServers(), ImageLimit.DEFAULT, (short) 1);
                registry.awaitAnswer();
                Provisioning.schemas(registry.url());
                return new EmbeddedPlatform(broker, registry);
            } catch (IOException | InterruptedException | RuntimeException e) {
                broker.close();
                throw e;
            }
        } catch (IOException | InterruptedException | RuntimeException e) {
            registry.close();
            throw e;
        }
    }

    /** What a Kafka client connects to. */
    public String bootstrapServers() {
        return broker.bootstrapServers();
    }

    /** The registry's core API. */
    public String registryUrl() {
        return registry.url();
    }

    /** Stops both. */
    @Override
    public void close() {
        registry.close();
        broker.close();
    }

    /** A port of 127.0.0.1 that nobody listened on a moment ago. */
    public static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** The first of three: the broker takes two. */
    private static int threeFreePorts() throws IOException {
        int port = freePort();
        while (!isFree(port + 1) || !isFree(port + 2)) {
            port = freePort();
        }
        return port;
    }

    private static boolean isFree(int port) throws IOException {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (BindException e) {
            return false;
        }
    }
}
