@NullMarked
package io.leukostream.results.metrics;

import org.jspecify.annotations.NullMarked;
