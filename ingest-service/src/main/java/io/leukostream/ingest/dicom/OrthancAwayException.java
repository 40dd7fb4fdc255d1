package io.leukostream.ingest.dicom;

/** Orthanc did not answer, or not as Orthanc does; nothing is known of the instance that was asked for. */
final class OrthancAwayException extends Exception {
    private static final long serialVersionUID = 1L;

    /**
     * What was seen.
     *
     * @param message holds no address and no identifier: it is logged
     */
    OrthancAwayException(String message) {
        super(message);
    }
}
