/** Whether the process works and whether it can do its work, for the probes. */
@NullMarked
package io.leukostream.inference.health;

import org.jspecify.annotations.NullMarked;
