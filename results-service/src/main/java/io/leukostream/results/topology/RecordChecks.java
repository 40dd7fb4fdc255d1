package io.leukostream.results.topology;

import io.leukostream.events.AlertAcknowledgement;
import io.leukostream.events.AlertDelivery;
import io.leukostream.events.CellReview;
import io.leukostream.events.ImageClassified;
import io.leukostream.events.ImageReceipt;
import io.leukostream.events.ImageRejected;
import io.leukostream.events.SpecimenRegistered;
import io.leukostream.results.topology.UnusableRecordException.Reason;
import io.leukostream.schemas.Identity;

/** What each source holds its records to: ids of the right form that fit each other and the key, and possible values. */
final class RecordChecks {
    private RecordChecks() {}

    static void specimen(String key, SpecimenRegistered record) {
        specimenId(record.getSpecimenId());
        same("key", key, "specimen", record.getSpecimenId());
        patientId(record.getPatientId());
        record.getFormerPatientIds().forEach(RecordChecks::patientId);
        DomainValues.registration(record);
    }

    static void receipt(String key, ImageReceipt record) {
        image(key, record.getSpecimenId(), record.getImageId());
        attempt(record.getAttempt());
    }

    static void classified(String key, ImageClassified record) {
        image(key, record.getSpecimenId(), record.getImageId());
        attempt(record.getAttempt());
        record.getCells().forEach(cell -> {
            if (!(0 <= cell.getBlastProbability() && cell.getBlastProbability() <= 1)) {
                throw new UnusableRecordException(
                        Reason.IMPOSSIBLE_VALUE, "No probability: " + cell.getBlastProbability() + ".");
            }
            String cellId = Identity.cellId(
                    record.getImageId(), cell.getXPx(), cell.getYPx(), cell.getWidthPx(), cell.getHeightPx());
            same("id of a cell", cell.getCellId(), "one of its image and box", cellId);
        });
        DomainValues.outcome(record);
    }

    static void rejected(String key, ImageRejected record) {
        image(key, record.getSpecimenId(), record.getImageId());
        attempt(record.getAttempt());
        DomainValues.outcome(record);
    }

    static void review(String key, CellReview record) {
        specimenId(record.getSpecimenId());
        same("key", key, "specimen", record.getSpecimenId());
        if (record.getEventId().isBlank()) {
            throw new UnusableRecordException(Reason.MALFORMED_ID, "A review event has an id.");
        }
        record.getFrameCellIds().forEach(cellId -> cell(key, cellId));
        if (record.getCellId() != null) {
            cell(key, record.getCellId());
        }
        DomainValues.review(record, imageId -> imageId);
    }

    static void acknowledgement(String key, AlertAcknowledgement record) {
        alert(key, record.getPatientId(), record.getAlertId());
        DomainValues.act(record);
    }

    static void delivery(String key, AlertDelivery record) {
        alert(key, record.getPatientId(), record.getAlertId());
        attempt(record.getAttempt());
        DomainValues.delivery(record);
    }

    /** What this service wrote to itself, re-keyed to the patient. */
    static void input(String key, PatientInput input) {
        patientId(key);
    }

    private static void image(String key, String specimenId, String imageId) {
        if (!Identity.isImageId(imageId)) {
            throw new UnusableRecordException(Reason.MALFORMED_ID, "That is no image id.");
        }
        same("key", key, "specimen of the image", Identity.specimenIdOf(imageId));
        same("key", key, "specimen", specimenId);
    }

    private static void cell(String specimenId, String cellId) {
        if (!Identity.isCellId(cellId)) {
            throw new UnusableRecordException(Reason.MALFORMED_ID, "That is no cell id.");
        }
        same("key", specimenId, "specimen of the cell", Identity.specimenIdOf(cellId));
    }

    private static void alert(String key, String patientId, String alertId) {
        patientId(patientId);
        same("key", key, "patient", patientId);
        String prefix = patientId + ".";
        if (!alertId.startsWith(prefix) || !alertId.substring(prefix.length()).matches("[1-9][0-9]{0,8}")) {
            throw new UnusableRecordException(Reason.MALFORMED_ID, "That is no alert of this patient.");
        }
    }

    private static void specimenId(String id) {
        if (!Identity.isSpecimenId(id)) {
            throw new UnusableRecordException(Reason.MALFORMED_ID, "That is no specimen code.");
        }
    }

    private static void patientId(String id) {
        if (!Identity.isPatientId(id)) {
            throw new UnusableRecordException(Reason.MALFORMED_ID, "That is no patient code.");
        }
    }

    private static void attempt(int attempt) {
        if (attempt < 1) {
            throw new UnusableRecordException(Reason.IMPOSSIBLE_VALUE, "Attempts begin at 1, not at " + attempt + ".");
        }
    }

    private static void same(String name, String id, String otherName, String other) {
        if (!id.equals(other)) {
            throw new UnusableRecordException(Reason.KEY_MISMATCH, "The " + name + " is not the " + otherName + ".");
        }
    }
}
