package io.leukostream.results.topology;

import io.leukostream.results.domain.ImageState;
import io.leukostream.results.domain.Registration;

/** What a record changes about a specimen's sums. */
sealed interface SpecimenChange {
    /** The specimen was registered, or assigned to another patient. */
    record Registered(Registration registration) implements SpecimenChange {}

    /** One image says something else now. */
    record ImageChanged(ImageState before, ImageState after) implements SpecimenChange {}

    /** A reviewer did something. */
    record Reviewed() implements SpecimenChange {}
}
