package io.leukostream.results.domain;

import java.util.Locale;

/** Codes of a specimen's type that the policy knows; a type that is none of them is treated like blood: no all-clear. */
public final class SpecimenType {
    /** Bone marrow, the only type for which few blasts say that they are few. */
    public static final String BONE_MARROW = "BONE_MARROW";

    /** Blood, in which any blast is to be looked at. */
    public static final String PERIPHERAL_BLOOD = "PERIPHERAL_BLOOD";

    private SpecimenType() {}

    /** The type in words, such as "peripheral blood". */
    static String words(String specimenType) {
        return specimenType.toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
