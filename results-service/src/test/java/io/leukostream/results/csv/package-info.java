/** The tables, byte by byte. */
@NullMarked
package io.leukostream.results.csv;

import org.jspecify.annotations.NullMarked;
