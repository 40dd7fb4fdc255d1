package io.leukostream.results.dashboard;

import io.quarkus.qute.TemplateInstance;
import org.jspecify.annotations.Nullable;

/**
 * The form to close an alert.
 *
 * @param alert the alert
 * @param closable whether it waits for somebody to close it
 * @param longest the most characters of the note
 * @param error why the last attempt was refused; null on the first
 * @param closedBy the name as entered before
 * @param note the note as entered before
 */
public record CloseAlertPage(
        AlertCard alert,
        boolean closable,
        int longest,
        @Nullable String error,
        String closedBy,
        String note) implements TemplateInstance {}
