package io.leukostream.ingest.domain;

/**
 * What the first bytes of an image file say about it.
 *
 * @param mediaType from the bytes, whatever the file is called
 * @param widthPx ≥ 1
 * @param heightPx ≥ 1
 */
public record ImageHeader(MediaType mediaType, int widthPx, int heightPx) {
    public ImageHeader {
        if (widthPx < 1 || heightPx < 1) {
            throw new IllegalArgumentException("an image has at least one pixel, not " + widthPx + "×" + heightPx);
        }
    }
}
