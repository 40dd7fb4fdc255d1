/** The few questions that the service answers over HTTP. */
@NullMarked
package io.leukostream.inference.rest;

import org.jspecify.annotations.NullMarked;
