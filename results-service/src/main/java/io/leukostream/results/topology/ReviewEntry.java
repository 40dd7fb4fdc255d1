package io.leukostream.results.topology;

import io.leukostream.events.CellReview;

/**
 * A review event in its store.
 *
 * @param audited whether it is in the patient's audit already
 */
record ReviewEntry(CellReview event, boolean audited) {}
