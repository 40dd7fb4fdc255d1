package io.leukostream.results.rest;

/**
 * An error as RFC 9457 has it.
 *
 * @param code stable; what a program looks at
 * @param detail one sentence for a person
 */
public record ProblemJson(String type, String title, int status, String code, String detail) {
    static ProblemJson of(int status, String code, String title, String detail) {
        return new ProblemJson("urn:leukostream:problem:" + code, title, status, code, detail);
    }
}
