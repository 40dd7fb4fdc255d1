/**
 * What a set of evidence says about a specimen and a patient, and what becomes of an alert. Pure: no clock, no I/O, no
 * framework; each answer depends on the set of evidence and never on its order. Beside {@code java.*} it knows only the
 * special functions of Apache Commons, because an incomplete beta function is not to be home-made.
 */
@NullMarked
package io.leukostream.results.domain;

import org.jspecify.annotations.NullMarked;
