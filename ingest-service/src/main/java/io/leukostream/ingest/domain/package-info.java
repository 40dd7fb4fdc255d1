/**
 * What an image, a specimen and a patient are to ingest, what a scanner may submit, and what is wrong with a submission
 * that is refused. Pure: bytes and text in, values out; no clock, no I/O, no framework, so that every refusal can be
 * tested without a server.
 */
@NullMarked
package io.leukostream.ingest.domain;

import org.jspecify.annotations.NullMarked;
