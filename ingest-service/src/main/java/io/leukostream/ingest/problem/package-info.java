/** How every door describes a problem, so that the same code means the same, whichever way an image came. */
@NullMarked
package io.leukostream.ingest.problem;

import org.jspecify.annotations.NullMarked;
