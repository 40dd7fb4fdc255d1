package io.leukostream.results.rest;

/** A cell drawn at random for a label; the model's call is left out on purpose. */
public record DrawJson(String cellId, String imageId, String cropUrl) {}
