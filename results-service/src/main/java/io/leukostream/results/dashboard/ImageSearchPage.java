package io.leukostream.results.dashboard;

import io.quarkus.qute.TemplateInstance;

/** The form that asks for the code of an image. */
public record ImageSearchPage() implements TemplateInstance {}
