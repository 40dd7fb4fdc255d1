/**
 * The pictures behind the numbers: reads crops and displays from the topic {@code image.evidence} by their coordinates,
 * when somebody looks, so that no service keeps pictures of its own.
 */
@NullMarked
package io.leukostream.results.evidence;

import org.jspecify.annotations.NullMarked;
