/**
 * The pages that a haematologist reads: this room turns what the service knows into words, marks and HTML, decides nothing
 * and keeps nothing. Every number comes from the same views as the JSON of the REST room, so the two cannot disagree.
 */
@NullMarked
package io.leukostream.results.dashboard;

import org.jspecify.annotations.NullMarked;
