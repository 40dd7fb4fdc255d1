/** Reading topics as whoever trusts no service reads them: all partitions, from their beginning, what was committed. */
@NullMarked
package io.leukostream.standalone.topics;

import org.jspecify.annotations.NullMarked;
