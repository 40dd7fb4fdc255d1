/** The commands: each turns its options into a call of the room that does the work, and the answer into text or JSON. */
@NullMarked
package io.leukostream.standalone.cli;

import org.jspecify.annotations.NullMarked;
