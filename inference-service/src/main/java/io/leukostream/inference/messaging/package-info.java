/** The lanes: from the image topics to outcomes, evidence and offsets in one transaction. The only room that knows Kafka, the registry and Avro. */
@NullMarked
package io.leukostream.inference.messaging;

import org.jspecify.annotations.NullMarked;
