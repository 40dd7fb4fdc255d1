package io.leukostream.results.topology;

import io.leukostream.schemas.Topic;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serde;

/** How the values of the topics are written: by the registry in a deployment, plainly in a test of the topology. */
public interface EventSerdes {
    /** The serde of a topic's values. */
    <T extends SpecificRecord> Serde<T> of(Topic topic);
}
