/** Image files with an identifier wherever a scanner's software might write one, and the search for it in what came of them. */
@NullMarked
package io.leukostream.simulator.planted;

import org.jspecify.annotations.NullMarked;
