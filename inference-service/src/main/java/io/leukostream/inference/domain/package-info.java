/** What an image, its cells and its outcome are, and the rules that turn scores into calls. Pure: only java.* and JSpecify. */
@NullMarked
package io.leukostream.inference.domain;

import org.jspecify.annotations.NullMarked;
