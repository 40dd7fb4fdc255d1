/**
 * The HTTP front door: the only room that knows JAX-RS and Vert.x. Whatever goes wrong, here or in the server beneath,
 * is answered as {@code application/problem+json} with a stable code; nothing that was submitted is logged.
 */
@NullMarked
package io.leukostream.ingest.rest;

import org.jspecify.annotations.NullMarked;
