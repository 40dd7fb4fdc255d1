/** What an operator's monitoring reads. The only room that makes meters. */
@NullMarked
package io.leukostream.results.metrics;

import org.jspecify.annotations.NullMarked;
