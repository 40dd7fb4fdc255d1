package io.leukostream.results.domain;

/** Codes of a specimen's type that the policy knows; a type that is none of them is treated like blood: no all-clear. */
public final class SpecimenType {
    /** Bone marrow, the only type for which few blasts say that they are few. */
    public static final String BONE_MARROW = "BONE_MARROW";

    private SpecimenType() {}
}
