package io.leukostream.simulator;

/**
 * How a simulated review ended.
 *
 * @param specimenId the code
 * @param decided whether the specimen has a decided verdict
 * @param state the specimen's state when the review ended; empty where it was never seen
 * @param labels how many cells were labelled
 * @param reason why it ended, in a sentence
 */
public record ReviewOutcome(String specimenId, boolean decided, String state, int labels, String reason) {}
