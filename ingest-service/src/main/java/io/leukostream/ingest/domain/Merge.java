package io.leukostream.ingest.domain;

/**
 * That two names stand for one patient. Both may be the site's own and stay in the vault; the text form leaves them out.
 *
 * @param from an identifier or a code; its specimens move
 * @param into an identifier or a code; it gets them
 */
public record Merge(String from, String into, Grounds grounds) {
    @Override
    public String toString() {
        return "Merge[" + grounds + "]";
    }
}
