package io.leukostream.ingest.domain;

/**
 * That something be done about one patient. The name may be the site's own and stays in the vault; the text form leaves
 * it out.
 *
 * @param patient an identifier or a code
 */
public record Request(String patient, Grounds grounds) {
    @Override
    public String toString() {
        return "Request[" + grounds + "]";
    }
}
