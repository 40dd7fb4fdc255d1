package io.leukostream.results.dashboard;

import io.quarkus.qute.TemplateInstance;
import org.jspecify.annotations.Nullable;

/**
 * The form that corrects a cell which somebody chose. Such a label corrects that cell alone and enters no random sequence.
 *
 * @param tile the cell
 * @param specimenId code of its specimen
 * @param reviewer the name that was entered; empty before
 * @param error why the last attempt was refused; null on the first
 */
public record LabelPage(
        CellTile tile,
        String specimenId,
        String reviewer,
        @Nullable String error) implements TemplateInstance {}
