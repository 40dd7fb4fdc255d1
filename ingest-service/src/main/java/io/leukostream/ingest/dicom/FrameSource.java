package io.leukostream.ingest.dicom;

/** How the pixels of a frame are got out of Orthanc without changing one. */
enum FrameSource {
    /** The very JPEG stream that the file holds. */
    JPEG_STREAM("raw"),
    /** Uncompressed: red, green, blue of each pixel. */
    RGB("raw"),
    /** Uncompressed: all red, all green, all blue. */
    RGB_BY_PLANE("raw"),
    /** Uncompressed: luminance and two colour differences of each pixel, as JPEG defines them. */
    YBR("raw"),
    /** The same by planes. */
    YBR_BY_PLANE("raw"),
    /** Uncompressed: one value of each pixel, 0 is black. */
    GREY("raw"),
    /** Uncompressed: one value of each pixel, 0 is white. */
    INVERTED_GREY("raw"),
    /** Decoded by Orthanc to red, green, blue: lossless codings, JPEG that is coded in RGB, palettes. */
    DECODED_COLOUR("preview"),
    /** Decoded by Orthanc to one value of each pixel, 0 is black. */
    DECODED_GREY("image-uint8"),
    /** Decoded by Orthanc to one value of each pixel, 0 is white. */
    DECODED_INVERTED_GREY("image-uint8");

    private final String how;

    FrameSource(String how) {
        this.how = how;
    }

    /** The last part of Orthanc's address. */
    String how() {
        return how;
    }

    /** Values of each pixel in what Orthanc gives. */
    int samples() {
        return switch (this) {
            case GREY, INVERTED_GREY, DECODED_GREY, DECODED_INVERTED_GREY -> 1;
            default -> 3;
        };
    }

    /** Whether one frame may be damaged and another not; uncompressed ones are cut out of one block by its length. */
    boolean isCodedByFrame() {
        return this == JPEG_STREAM || isDecoded();
    }

    boolean isDecoded() {
        return !how.equals("raw");
    }
}
