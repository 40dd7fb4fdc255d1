/** What a site can set, documented in one place, and how it becomes the objects that the other rooms are made of. */
@NullMarked
package io.leukostream.ingest.config;

import org.jspecify.annotations.NullMarked;
