/**
 * Smears that nobody bled for: wards of invented patients whose cells are drawn from a seed, so that what is in each
 * picture is known, and the two people that such a ward needs, a scanner that pushes the pictures to ingest and a
 * haematologist who labels by the known truth. It knows the services by their HTTP contract only. The drawing imitates
 * sizes, colours and textures measured on real cells; it proves that the pipeline works, never how well a model does on
 * patients.
 */
@NullMarked
package io.leukostream.simulator;

import org.jspecify.annotations.NullMarked;
