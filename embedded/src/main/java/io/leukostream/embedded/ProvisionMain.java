package io.leukostream.embedded;

import io.leukostream.schemas.ImageLimit;
import java.io.IOException;
import java.util.Map;

/**
 * Creates topics and registers schemas on a cluster. Reads {@code LEUKOSTREAM_KAFKA_BOOTSTRAP_SERVERS}, {@code
 * LEUKOSTREAM_REGISTRY_URL}, and, where they differ from the defaults, {@code LEUKOSTREAM_IMAGE_MAX_BYTES} and {@code
 * LEUKOSTREAM_TOPIC_REPLICAS} (1).
 */
public final class ProvisionMain {
    private ProvisionMain() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Map<String, String> environment = System.getenv();
        ImageLimit limit = environment.containsKey("LEUKOSTREAM_IMAGE_MAX_BYTES")
                ? new ImageLimit(Integer.parseInt(environment.get("LEUKOSTREAM_IMAGE_MAX_BYTES")))
                : ImageLimit.DEFAULT;
        short replicas = Short.parseShort(environment.getOrDefault("LEUKOSTREAM_TOPIC_REPLICAS", "1"));
        Provisioning.topics(required(environment, "LEUKOSTREAM_KAFKA_BOOTSTRAP_SERVERS"), limit, replicas);
        Provisioning.schemas(required(environment, "LEUKOSTREAM_REGISTRY_URL"));
    }

    private static String required(Map<String, String> environment, String name) {
        String value = environment.get(name);
        if (value == null || value.isBlank()) {
            throw new IllegalArgumentException("set the environment variable " + name);
        }
        return value;
    }
}
