package io.leukostream.results;

import io.leukostream.embedded.EmbeddedPlatform;
import io.leukostream.embedded.RegistryRelay;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A real broker and a real registry, this by way of a relay, for the tests of this module. */
public class PlatformResource implements QuarkusTestResourceLifecycleManager {
    private @Nullable EmbeddedPlatform platform;
    private @Nullable RegistryRelay relay;

    @Override
    public Map<String, String> start() {
        try {
            Path folder =
                    Files.createTempDirectory(Path.of("target"), "platform").toAbsolutePath();
            EmbeddedPlatform started = EmbeddedPlatform.start(folder);
            platform = started;
            RegistryRelay registry = RegistryRelay.to(started.registryUrl());
            relay = registry;
            return Map.of(
                    "leukostream.kafka.bootstrap-servers",
                    started.bootstrapServers(),
                    "leukostream.registry.url",
                    registry.url(),
                    "leukostream.http.longest-body",
                    "3s",
                    "leukostream.drift.metric-interval",
                    "200ms",
                    "leukostream.accounting.metric-interval",
                    "200ms",
                    "leukostream.data",
                    folder.resolve("results").toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void stop() {
        if (relay != null) {
            relay.close();
        }
        if (platform != null) {
            platform.close();
        }
    }
}
