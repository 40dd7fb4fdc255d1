package io.leukostream.ingest.domain;

/** Where the smear was taken from. */
public enum SpecimenType {
    BONE_MARROW,
    PERIPHERAL_BLOOD
}
