package io.leukostream.results.dashboard;

/**
 * One of several views of a page.
 *
 * @param words what the link says
 * @param href where it leads
 * @param selected whether it is the one shown
 */
public record Choice(String words, String href, boolean selected) {}
