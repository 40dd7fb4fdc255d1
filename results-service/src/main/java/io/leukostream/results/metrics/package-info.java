/** What an operator's monitoring reads. The only room that knows Micrometer. */
@NullMarked
package io.leukostream.results.metrics;

import org.jspecify.annotations.NullMarked;
