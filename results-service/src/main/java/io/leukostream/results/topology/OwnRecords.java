package io.leukostream.results.topology;

import io.apicurio.registry.serde.avro.DefaultAvroDatumProvider;
import io.leukostream.events.PatientVerdict;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.avro.data.TimeConversions;
import org.apache.avro.io.DatumReader;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;

/**
 * Reads into this service's own generated classes. Avro by itself looks for them where Avro lies, and with several class
 * loaders at work finds none, or another's.
 */
public final class OwnRecords<T> extends DefaultAvroDatumProvider<T> {
    private static final SpecificData MODEL = model();

    private final Map<Schema, DatumReader<T>> readers = new ConcurrentHashMap<>();

    /** Made by the registry's serde, by its name in the settings. */
    public OwnRecords() {}

    private static SpecificData model() {
        SpecificData model = new SpecificData(PatientVerdict.class.getClassLoader());
        model.addLogicalTypeConversion(new TimeConversions.TimestampMillisConversion());
        return model;
    }

    @Override
    public DatumReader<T> createDatumReader(Schema writer) {
        return readers.computeIfAbsent(writer, schema -> {
            Class<?> type = MODEL.getClass(schema);
            return new SpecificDatumReader<>(schema, type == null ? schema : MODEL.getSchema(type), MODEL);
        });
    }
}
