package io.leukostream.ingest.domain;

/** What the inspection of an image file found. */
public sealed interface Inspection {
    /** A supported file, complete as far as its structure tells. */
    record Sound(ImageHeader header) implements Inspection {}

    /** A file that is refused at the door. */
    record Refused(Problem problem) implements Inspection {}
}
