/** What can be configured, as one documented interface. */
@NullMarked
package io.leukostream.inference.config;

import org.jspecify.annotations.NullMarked;
