/**
 * The Kafka Streams topology, its stores and the questions that are asked of them: the only room that knows Kafka
 * Streams. It turns Avro records into the domain's values, keeps them, and turns the domain's answers into Avro again;
 * what counts and what a verdict says is decided in {@code domain}.
 */
@NullMarked
package io.leukostream.results.topology;

import org.jspecify.annotations.NullMarked;
