/** Tests of the whole service and what several rooms' tests need. */
@NullMarked
package io.leukostream.inference;

import org.jspecify.annotations.NullMarked;
