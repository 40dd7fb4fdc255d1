/**
 * What a browser, a command line or another system sees over HTTP: the JSON records and the resources that answer with
 * them. This room asks the stores and sends the two commands (a review, an acknowledgement); it decides nothing.
 */
@NullMarked
package io.leukostream.results.rest;

import org.jspecify.annotations.NullMarked;
