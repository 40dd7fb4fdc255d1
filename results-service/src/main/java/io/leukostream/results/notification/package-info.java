/**
 * Channels that bring alerts to people and systems outside Kafka: webhooks and e-mail. Each channel has a courier of its
 * own, which reads {@code hematology.alerts} in a group of its own, so that a slow or dead channel holds up nothing but
 * itself. Every attempt is noted on {@code alert.deliveries}; what is noted there carries the retries over a restart.
 * Delivery is at least once, under an id that stays the same. The only room that knows CloudEvents and the mailer.
 */
@NullMarked
package io.leukostream.results.notification;

import org.jspecify.annotations.NullMarked;
