/**
 * The image accounting that trusts nobody's tally: it walks over the topics itself and names every image that was lost
 * or counted twice.
 */
@NullMarked
package io.leukostream.standalone.accounting;

import org.jspecify.annotations.NullMarked;
