@NullMarked
package io.leukostream.results.worklist;

import org.jspecify.annotations.NullMarked;
