/**
 * Image files that nobody should send: cut, swollen, mislabelled, or made to break a decoder. They are drawn from a seed,
 * so that every door of the system is tried with the same files and a file that breaks one can be made again from its
 * number.
 */
@NullMarked
package io.leukostream.simulator.hostile;

import org.jspecify.annotations.NullMarked;
