/**
 * What the services agree on beside the Avro records: the topics and how they are kept, and how an image and a cell get
 * their ids; and what the clients of Kafka in each of them need of the clock. Nothing else is shared between services.
 */
@NullMarked
package io.leukostream.schemas;

import org.jspecify.annotations.NullMarked;
