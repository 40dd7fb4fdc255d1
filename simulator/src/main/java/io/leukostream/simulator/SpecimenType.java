package io.leukostream.simulator;

/** Where a specimen was taken, as ingest names it. */
public enum SpecimenType {
    BONE_MARROW,
    PERIPHERAL_BLOOD
}
