package io.leukostream.inference.domain;

/** Why an image could not be used. The names are stable codes that others read. */
public enum RejectionReason {
    /** The record is no Avro of a known schema. */
    RECORD_UNREADABLE,
    /** A field of the record is out of its range or of no known value. */
    INVALID_RECORD,
    /** The file is larger than the limit on image bytes. */
    IMAGE_TOO_LARGE,
    /** The bytes are not those that the record's SHA-256 was made of. */
    IMAGE_CHECKSUM_MISMATCH,
    /** The image id is not the one that follows from specimen and bytes. */
    IMAGE_ID_MISMATCH,
    /** The bytes are no BMP, PNG, JPEG, TIFF or WebP. */
    UNSUPPORTED_MEDIA_TYPE,
    /** The file ends before its image does. */
    IMAGE_TRUNCATED,
    /** The header claims more pixels than the budget allows. */
    PIXEL_BUDGET_EXCEEDED,
    /** The decoder refused the file. */
    IMAGE_UNREADABLE,
    /** The pixels are of a bit depth, a channel order or a compression that is not read, or some of them are transparent. */
    PIXEL_FORMAT_UNSUPPORTED,
    /** The file holds several pictures, and which one is meant is not certain. */
    PICTURE_AMBIGUOUS,
    /** Every pixel is black. */
    IMAGE_BLACK,
    /** The scanner stated no pixel size, and the field shows too few red cells to estimate it. */
    PIXEL_SIZE_UNKNOWN,
    /** The cells are too many, or their crops together exceed what a Kafka record may hold. */
    EVIDENCE_TOO_LARGE,
    /** Processing failed twice in a way that nobody foresaw; the log has the cause. */
    PROCESSING_FAILED,
    /** The process died twice while it worked on this image alone. */
    DECODER_CRASHED
}
