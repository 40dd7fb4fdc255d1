/** The figures as tables for spreadsheets and statistics programs (RFC 4180); the only room that knows the CSV library. */
@NullMarked
package io.leukostream.results.csv;

import org.jspecify.annotations.NullMarked;
