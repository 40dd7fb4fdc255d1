/** Reads a model bundle from its folder and refuses, with the reason, one that does not fit. */
@NullMarked
package io.leukostream.inference.bundle;

import org.jspecify.annotations.NullMarked;
