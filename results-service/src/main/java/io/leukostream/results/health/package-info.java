/** Whether this process works (liveness) and whether it can be asked (readiness). */
@NullMarked
package io.leukostream.results.health;

import org.jspecify.annotations.NullMarked;
