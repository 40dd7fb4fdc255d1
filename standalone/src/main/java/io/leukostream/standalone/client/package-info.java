/** Talks to the running services over HTTP, as a scanner, a dashboard or an alert subscriber would. */
@NullMarked
package io.leukostream.standalone.client;

import org.jspecify.annotations.NullMarked;
