package io.leukostream.inference.domain;

/** Why a cell that was found is not counted. */
public enum Gate {
    /** Its area lies outside what the model was trained on. */
    SIZE_OUT_OF_RANGE,
    /** It reaches the edge of a field, so that part of it may be missing. */
    TOUCHES_BORDER,
    /** Its nucleus has no clear rim: it has burst, or lies out of focus. */
    SMUDGE,
    /** Its inside is less sharp, or sharper, than that of the cells that the model learned from. */
    OUT_OF_FOCUS,
    /** It is lighter or darker than the cells that the model learned from. */
    EXPOSURE,
    /** Too much of it is as bright as the camera can tell. */
    CLIPPED,
    /** Its colour is not that of the stain that the model learned from. */
    STAIN,
    /** It resembles none of the cells that the model learned from. */
    UNLIKE_TRAINING,
    /** By its type it is no cell that could be identified: damaged, smudged, or a platelet. */
    NOT_IDENTIFIABLE
}
