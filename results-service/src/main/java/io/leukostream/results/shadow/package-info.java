/** What another bundle would have said: its outcomes beside those that count, and the verdicts that would differ. */
@NullMarked
package io.leukostream.results.shadow;

import org.jspecify.annotations.NullMarked;
