/** What the doors count; the only room that knows Micrometer. Labels are closed sets, never anything that was submitted. */
@NullMarked
package io.leukostream.ingest.metrics;

import org.jspecify.annotations.NullMarked;
