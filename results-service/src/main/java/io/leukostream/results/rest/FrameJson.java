package io.leukostream.results.rest;

/**
 * The frame that covers every cell of a specimen.
 *
 * @param cells how many were frozen
 */
public record FrameJson(String specimenId, String frameId, int cells) {}
