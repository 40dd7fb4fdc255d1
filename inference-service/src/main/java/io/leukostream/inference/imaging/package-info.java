/** From encoded bytes to prepared cells: header, decoding, white-cell finding, crops, quality figures, JPEG. The only room that knows OpenCV. */
@NullMarked
package io.leukostream.inference.imaging;

import org.jspecify.annotations.NullMarked;
