package io.leukostream.results.dashboard;

import io.quarkus.qute.TemplateInstance;

/**
 * A page that only says something: that a code is unknown, or that the service is still starting.
 *
 * @param heading what is the matter
 * @param explanation what to do now
 */
public record NoticePage(String heading, String explanation) implements TemplateInstance {}
