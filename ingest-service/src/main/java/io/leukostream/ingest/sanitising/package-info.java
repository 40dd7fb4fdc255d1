/**
 * Takes everything out of an image file that decoding does not need: EXIF, XMP, IPTC, comments, text, colour profiles,
 * thumbnails, further pages, and whatever follows the end. Scanners and their software write names, numbers and dates
 * there, and what is published stays readable for years.
 *
 * <p>The coded pixels are copied byte by byte and never decoded. A list says what stays, not what goes, so that what
 * nobody thought of goes too; a file of which that cannot be said is refused. A file with nothing to remove comes out
 * as it went in, byte for byte. Of two files that differ in metadata only the same image remains.
 *
 * <p>Own code, because the libraries at hand remove EXIF and IPTC from JPEG only. What is hidden <em>inside</em> the
 * coded pixels, and what is written in the picture itself, is not found.
 */
@NullMarked
package io.leukostream.ingest.sanitising;

import org.jspecify.annotations.NullMarked;
