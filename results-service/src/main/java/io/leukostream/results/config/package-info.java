/** What an operator sets, documented, and turned into the domain's values at start-up; nothing else reads configuration. */
@NullMarked
package io.leukostream.results.config;

import org.jspecify.annotations.NullMarked;
