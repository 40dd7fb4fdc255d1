package io.leukostream.results.topology;

import io.apicurio.registry.serde.avro.AvroKafkaDeserializer;
import io.apicurio.registry.serde.avro.AvroKafkaSerializer;
import io.apicurio.registry.serde.avro.AvroSerdeConfig;
import io.leukostream.schemas.Deadline;
import io.leukostream.schemas.Topic;
import io.leukostream.schemas.WireFormat;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;

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
        return Serdes.serdeFrom(new Bounded.Writing<>(serializer), new Bounded.Reading<>(deserializer));
    }

    /** A registry that does not answer ends the wait, and with it the thread, which is replaced and reads the record again. */
    private interface Bounded {
        record Writing<T>(Serializer<T> serializer) implements Serializer<T> {
            @Override
            public byte[] serialize(String topic, T record) {
                try (Deadline _ = new Deadline(WireFormat.LONGEST_QUESTION)) {
                    return serializer.serialize(topic, record);
                }
            }

            @Override
            public void close() {
                serializer.close();
            }
        }

        record Reading<T>(Deserializer<T> deserializer) implements Deserializer<T> {
            @Override
            public T deserialize(String topic, byte[] record) {
                try (Deadline _ = new Deadline(WireFormat.LONGEST_QUESTION)) {
                    return deserializer.deserialize(topic, record);
                }
            }

            @Override
            public void close() {
                deserializer.close();
            }
        }
    }
}
