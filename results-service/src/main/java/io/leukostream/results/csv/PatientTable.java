package io.leukostream.results.csv;

import io.leukostream.results.rest.VerdictJson;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A verdict as a table with a row for each specimen. Fractions are 0..1. */
final class PatientTable {
    static final Table TABLE = new Table(
            "patient",
            "patient_state",
            "patient_evidence",
            "model",
            "updated_at",
            "research_use_only",
            "specimen",
            "specimen_type",
            "kind",
            "state",
            "images_received",
            "images_classified",
            "images_rejected",
            "images_pending",
            "cells_counted",
            "cells_called_blast",
            "cells_gated",
            "cells_reviewed",
            "apparent",
            "corrected",
            "lower",
            "upper",
            "level",
            "basis",
            "denominator",
            "threshold",
            "reasons",
            "evidence");

    private PatientTable() {}

    static Stream<Table.Row> rows(VerdictJson verdict) {
        return verdict.specimens().stream().map(specimen -> row(verdict, specimen));
    }

    private static Table.Row row(VerdictJson verdict, VerdictJson.Specimen specimen) {
        VerdictJson.@Nullable Fraction fraction = specimen.blastFraction();
        return Table.Row.of(
                verdict.patientId(),
                verdict.state(),
                verdict.evidenceHash(),
                verdict.modelVersion(),
                verdict.updatedAt().toString(),
                verdict.researchUseOnly(),
                specimen.specimenId(),
                specimen.specimenType(),
                specimen.kind(),
                specimen.state(),
                specimen.images().received(),
                specimen.images().classified(),
                specimen.images().rejected(),
                specimen.images().pending(),
                specimen.cells().counted(),
                specimen.cells().calledBlast(),
                specimen.cells().gated(),
                specimen.cells().reviewed(),
                fraction == null ? null : fraction.apparent(),
                fraction == null ? null : fraction.corrected(),
                fraction == null ? null : fraction.lower(),
                fraction == null ? null : fraction.upper(),
                fraction == null ? null : fraction.level(),
                fraction == null ? null : fraction.basis(),
                fraction == null ? null : fraction.denominator(),
                specimen.threshold(),
                String.join(" | ", specimen.reasons()),
                specimen.evidenceHash());
    }
}
