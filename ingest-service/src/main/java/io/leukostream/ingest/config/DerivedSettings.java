package io.leukostream.ingest.config;

import io.leukostream.schemas.ImageLimit;
import io.smallrye.config.ConfigSourceContext;
import io.smallrye.config.ConfigSourceFactory;
import io.smallrye.config.PropertiesConfigSource;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.jspecify.annotations.Nullable;

/**
 * Quarkus settings that follow from ours: the largest HTTP body from the one limit on images, the vault's H2 file
 * from the data folder, and which of the two databases is in use from the vault's URL.
 * Anything that sets such a property itself wins.
 */
public final class DerivedSettings implements ConfigSourceFactory {
    /** Below {@code application.properties}. */
    private static final int ORDINAL = 200;

    @Override
    public Iterable<ConfigSource> getConfigSources(ConfigSourceContext context) {
        Map<String, String> settings = new HashMap<>();
        String maxBytes = value(context, "leukostream.image.max-bytes");
        String data = value(context, "leukostream.data");
        if (maxBytes != null) {
            ImageLimit limit = new ImageLimit(Integer.parseInt(maxBytes));
            // Beyond the service's own limit, whose answer says what is wrong; the server's is an empty 413.
            settings.put("quarkus.http.limits.max-body-size", Long.toString(2L * limit.maxBodyBytes()));
        }
        if (data != null) {
            Path folder = Path.of(data).toAbsolutePath().normalize();
            settings.put(
                    "quarkus.http.body.uploads-directory",
                    folder.resolve("uploads").toString());
            settings.putAll(vault(value(context, "leukostream.vault.url"), folder));
        }
        for (String credential : List.of("username", "password")) {
            String value = value(context, "leukostream.vault." + credential);
            if (value != null) {
                settings.put("quarkus.datasource.postgresql." + credential, value);
            }
        }
        return List.of(new PropertiesConfigSource(settings, "derived from leukostream.*", ORDINAL));
    }

    private static Map<String, String> vault(@Nullable String url, Path folder) {
        if (url == null) {
            // WRITE_DELAY=0: a commit is in the file when it returns, or a kill would lose it.
            // TRACE_LEVEL_FILE=0: H2's trace file would quote identifiers.
            // LOCK_TIMEOUT: whoever gives codes waits for the one before, also on a slow disk.
            return Map.of(
                    "quarkus.datasource.postgresql.active",
                    "false",
                    "quarkus.datasource.h2.jdbc.url",
                    "jdbc:h2:file:" + folder.resolve("vault")
                            + ";WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE;TRACE_LEVEL_FILE=0;LOCK_TIMEOUT=10000");
        }
        String used = url.startsWith("jdbc:postgresql:") ? "postgresql" : "h2";
        String unused = used.equals("h2") ? "postgresql" : "h2";
        return Map.of(
                "quarkus.datasource." + unused + ".active", "false", "quarkus.datasource." + used + ".jdbc.url", url);
    }

    private static @Nullable String value(ConfigSourceContext context, String name) {
        String value = context.getValue(name).getValue();
        return value == null || value.isBlank() ? null : value;
    }
}
