package io.leukostream.results.domain;

/**
 * What an image's record says that its specimen is. Ingest refuses an image that contradicts its specimen; a scanner that
 * writes to Kafka itself can send one.
 *
 * @param specimenType such as {@code BONE_MARROW}
 * @param kind {@code CELL} or {@code FIELD}
 */
public record ImageForm(String specimenType, String kind) {
    /** The kind of a specimen each image of which is one cell that was cut out. */
    public static final String CELL = "CELL";

    /** In words, such as "FIELD of peripheral blood". */
    String words() {
        return kind + " of " + SpecimenType.words(specimenType);
    }
}
