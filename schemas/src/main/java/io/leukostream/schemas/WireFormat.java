package io.leukostream.schemas;

import java.time.Duration;
import java.util.Map;

/**
 * How a record's value looks on the wire: a zero byte, the schema's content id in the registry as four bytes, Avro
 * binary. An id that was seen once is kept ({@link KeptSchemas}). These settings make Apicurio's serializers and deserializers write and read just that.
 */
public final class WireFormat {
    /** To the registry, which is asked where a schema is not known; its client knows no limit. */
    public static final Duration LONGEST_QUESTION = Duration.ofSeconds(10);

    private WireFormat() {}

    /**
     * The serde settings.
     *
     * @param registryUrl the registry's core API, such as {@code http://127.0.0.1:8085/apis/registry/v3}
     */
    public static Map<String, Object> settings(String registryUrl) {
        return Map.of(
                "apicurio.registry.url", registryUrl,
                "apicurio.registry.auto-register", "true",
                "apicurio.registry.auto-register.if-exists", "FIND_OR_CREATE_VERSION",
                // One self-contained schema a topic: readers in other languages need not follow references.
                "apicurio.registry.dereference-schema", "true",
                // By class: a name would be looked up where the library lies.
                "apicurio.registry.schema-resolver", KeptSchemas.class,
                "apicurio.registry.use-specific-avro-reader", "true");
    }
}
