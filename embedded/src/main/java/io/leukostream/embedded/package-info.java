/**
 * The two servers that the services stand on, for a machine without a cluster: a Kafka broker in KRaft mode and the
 * schema registry, both keeping what they hold in a folder; and what creates the topics and registers the schemas on
 * any cluster. The supervisor and the tests use the same classes.
 */
@NullMarked
package io.leukostream.embedded;

import org.jspecify.annotations.NullMarked;
