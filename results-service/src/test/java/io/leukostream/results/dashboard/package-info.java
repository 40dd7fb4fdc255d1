/** Each page rendered by itself, in every state a reader meets. */
@NullMarked
package io.leukostream.results.dashboard;

import org.jspecify.annotations.NullMarked;
