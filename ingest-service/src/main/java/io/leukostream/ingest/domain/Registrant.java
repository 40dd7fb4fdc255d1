package io.leukostream.ingest.domain;

/**
 * A specimen as a scanner names it. Both identifiers are the site's own and stay in the vault; the text form leaves
 * them out.
 *
 * @param patient the site's identifier of the patient
 * @param specimen the site's identifier of the specimen, unique in the site
 */
public record Registrant(String patient, String specimen, SpecimenType type, SpecimenKind kind) {
    @Override
    public String toString() {
        return "Registrant[" + type + ", " + kind + "]";
    }
}
