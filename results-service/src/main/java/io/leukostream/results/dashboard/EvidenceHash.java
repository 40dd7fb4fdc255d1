package io.leukostream.results.dashboard;

/**
 * The hash of the evidence of a verdict.
 *
 * @param value as the REST answers it, to be copied
 */
public record EvidenceHash(String value) {

    private static final int SHOWN_DIGITS = 12;

    /** The first digits: enough to compare two pages by eye. */
    public String shortened() {
        String digits = value.substring(value.indexOf(':') + 1);
        return digits.length() <= SHOWN_DIGITS ? digits : digits.substring(0, SHOWN_DIGITS);
    }
}
