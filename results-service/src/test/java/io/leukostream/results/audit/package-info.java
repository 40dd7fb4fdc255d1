/** The key against OpenSSL's, and what it refuses. */
@NullMarked
package io.leukostream.results.audit;

import org.jspecify.annotations.NullMarked;
