/**
 * The live stream: follows the topics that a page shows and tells every listening client, by server-sent events, what has
 * changed. It keeps a bounded memory, so that a client that was away for a while goes on where it stopped.
 */
@NullMarked
package io.leukostream.results.stream;

import org.jspecify.annotations.NullMarked;
