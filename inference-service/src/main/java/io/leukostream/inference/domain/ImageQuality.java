package io.leukostream.inference.domain;

/**
 * Figures about an image as a whole.
 *
 * @param focus variance of the Laplacian of the grey image (0..255): low is blurred
 * @param brightness mean of the grey image, 0..255
 * @param clippedShare share of pixels of which a channel is 0 or 255, 0..1; of a cell cut on black, within the cell
 */
public record ImageQuality(
        int widthPx, int heightPx, PixelSize pixelSize, double focus, double brightness, double clippedShare) {}
