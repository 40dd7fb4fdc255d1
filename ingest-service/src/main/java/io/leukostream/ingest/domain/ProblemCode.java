package io.leukostream.ingest.domain;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Why a request was not fulfilled. The names are part of the HTTP contract and are never renamed; each has one status.
 */
public enum ProblemCode {
    MALFORMED_REQUEST(400, "The request could not be read"),
    MISSING_FIELD(400, "A field is missing or blank"),
    INVALID_FIELD(400, "A field has a value that is not allowed"),
    NOT_PERMITTED(403, "This needs the permission to re-identify"),
    CROSS_SITE(403, "A page of another site sent this request"),
    NOT_FOUND(404, "There is nothing at this address"),
    PATIENT_UNKNOWN(404, "No image or specimen of this patient was ever submitted"),
    CODE_UNKNOWN(404, "The vault has no such code"),
    METHOD_NOT_ALLOWED(405, "This address does not answer this method"),
    NOT_ACCEPTABLE(406, "The answer is not available in the accepted media types"),
    SPECIMEN_BELONGS_TO_OTHER_PATIENT(409, "The specimen is registered for another patient"),
    SPECIMEN_TYPE_MISMATCH(409, "The specimen is registered with another type"),
    SPECIMEN_KIND_MISMATCH(409, "The specimen is registered with another kind of image"),
    INSTANCE_GONE(410, "The DICOM instance was deleted before it was read"),
    MERGE_WITH_ITSELF(409, "Both name the same patient"),
    MERGE_CIRCLE(409, "The patient to merge into is merged into the other one"),
    ALREADY_MERGED(409, "The patient is merged into another one"),
    NOT_MERGED(409, "The patient is not merged into another one"),
    PATIENT_ERASED(410, "The patient was erased"),
    IMAGE_TOO_LARGE(413, "The request is larger than the limit on images"),
    UNSUPPORTED_MEDIA_TYPE(415, "The content is of no supported media type"),
    SOP_CLASS_UNSUPPORTED(415, "The DICOM instance is no image of a class that is taken"),
    PIXEL_FORMAT_UNSUPPORTED(415, "The image's pixels are of a format that is not taken"),
    IMAGE_EMPTY(422, "The image file is empty"),
    IMAGE_TRUNCATED(422, "The image file ends before the image does"),
    IMAGE_UNREADABLE(422, "The image file's structure is damaged or of an unsupported variant"),
    PICTURE_AMBIGUOUS(422, "The image file holds several pictures"),
    METADATA_NOT_REMOVABLE(422, "The image file's embedded metadata cannot be removed safely"),
    PIXEL_BUDGET_EXCEEDED(422, "The image has more pixels than allowed"),
    TOO_MANY_FRAMES(422, "The DICOM instance has more frames than allowed"),
    HOST_NOT_ALLOWED(421, "The service is not known by this name"),
    TOO_MANY_BYTES_IN_FLIGHT(429, "Too many bytes are being received at once", Duration.ofSeconds(1)),
    INTERNAL_ERROR(500, "The request failed for a reason inside the service"),
    BROKER_UNAVAILABLE(503, "The event log cannot be written at the moment", Duration.ofSeconds(5)),
    REGISTRY_UNAVAILABLE(503, "The schema registry cannot be reached at the moment", Duration.ofSeconds(5)),
    VAULT_UNAVAILABLE(503, "The vault of identifiers cannot be used at the moment", Duration.ofSeconds(5)),
    DISK_LOW(503, "The disk is too full to accept images safely", Duration.ofSeconds(60)),
    IMAGES_WAIT_TOO_LONG(503, "Images wait so long that further ones could expire", Duration.ofSeconds(60));

    private final int status;
    private final String title;
    private final @Nullable Duration retryAfter;

    ProblemCode(int status, String title) {
        this(status, title, null);
    }

    ProblemCode(int status, String title, @Nullable Duration retryAfter) {
        this.status = status;
        this.title = title;
        this.retryAfter = retryAfter;
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** One line for a person, the same for every occurrence. */
    public String title() {
        return title;
    }

    /** After which time the same request may succeed; null where repeating it is of no use. */
    public @Nullable Duration retryAfter() {
        return retryAfter;
    }
}
