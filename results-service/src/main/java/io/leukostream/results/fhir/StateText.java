package io.leukostream.results.fhir;

import io.leukostream.results.rest.VerdictJson;
import java.math.BigDecimal;
import java.math.RoundingMode;

/** The states and figures in words. None of them gives an all-clear, and an interval is rounded outwards. */
final class StateText {
    private StateText() {}

    static String of(String state) {
        return switch (state) {
            case "BLASTS_SUSPECTED" -> "Blasts suspected";
            case "BLASTS_BELOW_THRESHOLD" -> "Blasts below the threshold";
            case "INDETERMINATE" -> "Indeterminate";
            case "INSUFFICIENT_CELLS" -> "Not enough cells";
            case "WITHHELD" -> "Verdict withheld";
            default -> state;
        };
    }

    static String sentence(VerdictJson.Specimen specimen) {
        VerdictJson.Fraction fraction = specimen.blastFraction();
        String which = "Specimen " + specimen.specimenId() + ": ";
        String threshold = percent(specimen.threshold(), RoundingMode.HALF_UP);
        if (specimen.state().equals("WITHHELD")) {
            return which + "the evidence does not allow a figure.";
        }
        if (fraction == null || specimen.state().equals("INSUFFICIENT_CELLS")) {
            return which + "too few cells have been counted for a verdict.";
        }
        String interval = which + "between " + percent(fraction.lower(), RoundingMode.FLOOR) + " and "
                + percent(fraction.upper(), RoundingMode.CEILING) + " " + denominator(fraction.denominator())
                + " are estimated to be blasts (" + basis(fraction.basis()) + ")";
        return switch (specimen.state()) {
            case "BLASTS_SUSPECTED" -> interval + ", above the threshold of " + threshold + ".";
            case "BLASTS_BELOW_THRESHOLD" ->
                interval + ", below the threshold of " + threshold + ". That does not exclude leukaemia.";
            default -> interval + "; that does not decide on which side of " + threshold + " the fraction lies.";
        };
    }

    static String basis(String basis) {
        return switch (basis) {
            case "MODEL" -> "by the model";
            case "REVIEW" -> "by labels on randomly drawn cells";
            default -> basis;
        };
    }

    static String denominator(String denominator) {
        return switch (denominator) {
            case "CLASSIFIED_LYMPHOID_CELLS" -> "of the classified lymphoid cells";
            case "WHITE_CELLS_FOUND" -> "of the white cells found";
            default -> denominator;
        };
    }

    private static String percent(double proportion, RoundingMode rounding) {
        return BigDecimal.valueOf(proportion)
                        .movePointRight(2)
                        .setScale(1, rounding)
                        .stripTrailingZeros()
                        .toPlainString()
                + " %";
    }
}
