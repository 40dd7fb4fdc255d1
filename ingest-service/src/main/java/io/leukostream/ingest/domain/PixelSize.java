package io.leukostream.ingest.domain;

/**
 * Dimensions as a header states them, before anyone believes them.
 *
 * @param width px, 1..2³²−1
 * @param height px, 1..2³²−1
 */
record PixelSize(long width, long height) {
    /**
     * Dimensions of at least one pixel.
     *
     * @throws DefectException if one is zero or negative
     */
    static PixelSize of(long width, long height) throws DefectException {
        if (width < 1 || height < 1) {
            throw DefectException.unreadable("The header states " + width + " × " + height + " pixels.");
        }
        return new PixelSize(width, height);
    }

    /** Width × height, or the greatest long where that is more. */
    long pixels() {
        return Math.multiplyHigh(width, height) == 0 && width * height > 0 ? width * height : Long.MAX_VALUE;
    }
}
