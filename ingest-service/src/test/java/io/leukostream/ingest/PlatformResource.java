package io.leukostream.ingest;

import io.leukostream.embedded.EmbeddedPlatform;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Broker and registry for the tests that need them; {@code microprofile-config.properties} reads where they are. */
public final class PlatformResource implements QuarkusTestResourceLifecycleManager {
    private @Nullable EmbeddedPlatform platform;

    @Override
    public Map<String, String> start() {
        try {
            Path folder =
                    Files.createTempDirectory(Path.of("target"), "platform").toAbsolutePath();
            platform = EmbeddedPlatform.start(folder);
            return Map.of(
                    "platform.bootstrap-servers", platform.bootstrapServers(),
                    "platform.registry-url", platform.registryUrl(),
                    "leukostream.data", folder.resolve("ingest").toString());
        } catch (IOException e) {
            throw new UncheckedIOException("broker and registry did not start", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while broker and registry started", e);
        }
    }

    @Override
    public void stop() {
        if (platform != null) {
            platform.close();
        }
    }
}
