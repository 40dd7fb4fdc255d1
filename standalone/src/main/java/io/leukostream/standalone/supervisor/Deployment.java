package io.leukostream.standalone.supervisor;

import io.leukostream.embedded.EmbeddedRegistry;
import io.leukostream.schemas.ImageLimit;
import java.nio.file.Path;

/**
 * One running system: its data folder and its ports.
 *
 * @param data the data folder
 * @param portBase the port of the dashboard, from which the others are counted
 * @param limit the limit on image bytes
 */
public record Deployment(Path data, int portBase, ImageLimit limit) {
    private static final int LAST_OFFSET = 13;

    public Deployment {
        data = data.toAbsolutePath().normalize();
        if (portBase < 1024 || portBase + LAST_OFFSET > 65_535) {
            throw new IllegalArgumentException(
                    "the port base must lie in 1024.." + (65_535 - LAST_OFFSET) + ", not " + portBase);
        }
    }

    /** A component's port. */
    public int port(Component component) {
        return component.port(portBase);
    }

    /** The port on which the broker's controller listens. */
    int controllerPort() {
        return port(Component.BROKER) + 1;
    }

    /** A component's own folder. */
    public Path folder(Component component) {
        return data.resolve(component.label());
    }

    /** Where a component's libraries unpack what they need; empty at each start. */
    public Path temporary(Component component) {
        // Not in its own folder: a broker takes each folder there for a partition.
        return data.resolve("tmp").resolve(component.label());
    }

    /** A component's log. */
    public Path log(Component component) {
        return data.resolve("logs").resolve(component.label() + ".log");
    }

    /** What Kafka clients connect to. */
    public String bootstrapServers() {
        return "127.0.0.1:" + port(Component.BROKER);
    }

    /** The registry's core API. */
    public String registryUrl() {
        return EmbeddedRegistry.url(port(Component.REGISTRY));
    }

    /** A service's address. */
    public String url(Component component) {
        return "http://127.0.0.1:" + port(component);
    }
}
