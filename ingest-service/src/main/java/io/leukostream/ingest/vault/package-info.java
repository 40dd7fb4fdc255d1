/**
 * The only place that knows which code stands for which submitted identifier, and which images were accepted. Plain
 * JDBC, since a handful of statements must mean exactly the same on H2 and PostgreSQL; it is the only room that knows
 * {@code java.sql}. A database's error messages quote the row at fault, identifiers included, so none of them leaves
 * this room: what does is the SQL state.
 */
@NullMarked
package io.leukostream.ingest.vault;

import org.jspecify.annotations.NullMarked;
