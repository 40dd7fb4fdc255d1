/** Builds the service from its parts at start-up and closes them in order. */
@NullMarked
package io.leukostream.inference.assembly;

import org.jspecify.annotations.NullMarked;
