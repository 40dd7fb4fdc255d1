/**
 * The door for scanners that can only write files: a folder, on a network drive as like as not, that is looked at again
 * and again. The only room that walks through folders. What decides about an image is the same {@code Intake} that HTTP
 * asks.
 *
 * <p>A file is where its state is: in the folder it waits, in {@code claimed/<instance>} it is being taken in, in
 * {@code accepted} or {@code refused} it is done. Every step is one rename, so that a kill leaves it in one of these,
 * and taking it in again is harmless.
 *
 * <p>File names hold identifiers, and so do the messages of file errors: neither is logged.
 */
@NullMarked
package io.leukostream.ingest.folder;

import org.jspecify.annotations.NullMarked;
