/**
 * The only room that knows Kafka, the registry and the Avro records. It uses a plain {@code KafkaProducer}, not SmallRye
 * channels: an acceptance is a chain in which each step needs the acknowledgement of the one before (the receipt holds
 * the image's offset, 202 needs the receipt's), with the failure in the hands of the request that waits for it. With an
 * emitter that is a message with two callbacks and a {@code CompletableFuture} around them for what is
 * {@code send(...).get()} here, and the broker's answer to one record would have to be fished out of metadata.
 */
@NullMarked
package io.leukostream.ingest.messaging;

import org.jspecify.annotations.NullMarked;
