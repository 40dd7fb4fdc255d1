/**
 * The operating characteristics of the verdict, by simulation: virtual patients go through the domain's own code, look by
 * look. A room of its own because it is a program beside the service, run by {@code ./leukostream simulate --study}; it
 * knows the domain and reads a model bundle, and nothing of the service knows it.
 */
@NullMarked
package io.leukostream.results.study;

import org.jspecify.annotations.NullMarked;
