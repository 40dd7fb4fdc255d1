/** Readiness: the three things without which no image can be accepted, and a word on the DICOM door. Liveness is that the process answers at all. */
@NullMarked
package io.leukostream.ingest.health;

import org.jspecify.annotations.NullMarked;
