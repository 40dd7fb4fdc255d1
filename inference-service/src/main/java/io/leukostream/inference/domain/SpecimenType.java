package io.leukostream.inference.domain;

/** What the smear was made of. */
public enum SpecimenType {
    BONE_MARROW,
    PERIPHERAL_BLOOD
}
