package io.leukostream.results.dashboard;

/**
 * How the images of a specimen or patient stand.
 *
 * @param received receipts and outcomes together
 * @param classified with an outcome that counts
 * @param rejected with a reason
 * @param pending received and without outcome
 */
public record ImageTally(int received, int classified, int rejected, int pending) {}
