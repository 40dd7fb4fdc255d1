/**
 * Sends images again, once what kept them from an outcome is mended. The log is the only copy of an image, so a new attempt
 * is made of the record of the last one; nothing that was written is changed.
 */
@NullMarked
package io.leukostream.standalone.requeue;

import org.jspecify.annotations.NullMarked;
