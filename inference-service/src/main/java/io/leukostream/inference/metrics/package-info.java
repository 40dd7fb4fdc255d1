/** Figures for the operator, as decorators around what they measure. */
@NullMarked
package io.leukostream.inference.metrics;

import org.jspecify.annotations.NullMarked;
