package io.leukostream.results.topology;

import io.apicurio.registry.serde.avro.AvroKafkaDeserializer;
import io.apicurio.registry.serde.avro.AvroKafkaSerializer;
import io.apicurio.registry.serde.avro.AvroSerdeConfig;
import io.leukostream.schemas.Topic;
import io.leukostream.schemas.WireFormat;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/** The wire format of the deployment: Avro by the schema registry. */
public final class RegistrySerdes implements EventSerdes {
    private final String registryUrl;

    /** Serdes that ask this registry. */
    public RegistrySerdes(String registryUrl) {
        this.registryUrl = registryUrl;
    }

    @Override
    public <T extends SpecificRecord> Serde<T> of(Topic topic) {
        AvroKafkaSerializer<T> serializer = new AvroKafkaSerializer<>();
        serializer.configure(WireFormat.settings(registryUrl), false);
        AvroKafkaDeserializer<T> deserializer = new AvroKafkaDeserializer<>();
        Map<String, Object> settings = new HashMap<>(WireFormat.settings(registryUrl));
        settings.put(AvroSerdeConfig.AVRO_DATUM_PROVIDER, OwnRecords.class);
        deserializer.configure(settings, false);
        return Serdes.serdeFrom(serializer, deserializer);
    }
}
