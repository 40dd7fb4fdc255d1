/** The leukostream program: one command per thing that a person does at a terminal. */
@NullMarked
package io.leukostream.standalone;

import org.jspecify.annotations.NullMarked;
