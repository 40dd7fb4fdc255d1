package io.leukostream.results.topology;

/** Names of the state stores. */
final class Stores {
    /** imageId → {@link ImageEntry}; the specimen's id is the key's prefix. */
    static final String IMAGES = "images";
    /** imageId → when it was received, while it has no outcome. */
    static final String PENDING = "pending";
    /** specimenId.eventId → {@link ReviewEntry}. */
    static final String REVIEWS = "reviews";
    /** specimenId → {@link SpecimenSums}. */
    static final String TALLIES = "tallies";
    /** specimenId → time of the last change of its sums, so that a burst of changes is assessed once a commit. */
    static final String CHANGED = "changed-specimens";
    /** specimenId → {@link SpecimenAssessment}. */
    static final String ASSESSMENTS = "assessments";
    /**
     * day|specimenId|scanner → {@link io.leukostream.results.domain.ScannerDay}; the day first, so that a span of days is
     * one range.
     */
    static final String SCANNER_DAYS = "scanner-days";
    /** day|specimenId|scanner → {@link io.leukostream.results.domain.ImageAccount}. */
    static final String ACCOUNTS = "image-accounts";
    /** patientId → {@link PatientState}. */
    static final String PATIENTS = "patients";
    /** alertId → {@link io.leukostream.results.domain.Alert}. */
    static final String ALERTS = "alerts";
    /** alertId → when its next rung is to be taken, while nobody acknowledged it. */
    static final String DUE = "due-alerts";
    /** alertId → {@link EarlyActs}: what people did about an alert that is not raised here yet. */
    static final String EARLY = "early-acts";
    /** alertId → {@link io.leukostream.results.domain.DeliveryHistory}. */
    static final String DELIVERIES = "alert-deliveries";

    /** patientId.number, the number with leading zeros → {@link io.leukostream.results.domain.SignedLink}. */
    static final String AUDIT = "audit";

    private Stores() {}

    /** The key of a link; keys sort as the numbers do. */
    static String auditKey(String patientId, long number) {
        return String.format(java.util.Locale.ROOT, "%s.%012d", patientId, number);
    }
}
