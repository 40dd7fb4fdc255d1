package io.leukostream.ingest.domain;

import java.time.Instant;

/**
 * An instance, or one frame of it, that the DICOM door did not take.
 *
 * @param id rising with each; 0 before it is kept
 * @param instance Orthanc's id of the instance
 * @param frame from 1; 0 for the whole instance
 */
public record DicomRefusal(long id, String instance, int frame, Problem problem, Instant refusedAt) {
    public DicomRefusal {
        if (frame < 0) {
            throw new IllegalArgumentException("a frame is at least 0, not " + frame);
        }
    }
}
