package io.leukostream.inference.domain;

import java.util.List;
import java.util.Optional;

/**
 * What a bundle says about its network. The network takes {@code [N,3,side,side]} float32 RGB, each channel scaled, and
 * answers {@code [N,2]} float32 logits in the order normal, blast.
 *
 * @param bundleSha256 SHA-256 of model.json, lower-case hexadecimal
 * @param inputSidePx side of the network's input
 * @param scaling of red, green and blue
 * @param operatingThreshold a cell whose rounded probability is at or above it is called blast, 0..1
 * @param validations at most one for each kind and specimen type
 */
public record ModelDescription(
        String name,
        SemVer version,
        String bundleSha256,
        String inputName,
        String outputName,
        int inputSidePx,
        List<ChannelScaling> scaling,
        CropRule crop,
        Calibration calibration,
        double operatingThreshold,
        AreaRange cellArea,
        List<Validation> validations) {
    /** Logits for a cell. */
    public static final int CLASSES = 2;

    public ModelDescription {
        scaling = List.copyOf(scaling);
        validations = List.copyOf(validations);
        if (scaling.size() != 3) {
            throw new IllegalArgumentException("three channels need three scalings, not " + scaling.size());
        }
        if (inputSidePx < 16 || inputSidePx > 2048) {
            throw new IllegalArgumentException("no input side: " + inputSidePx + " px");
        }
        if (!(operatingThreshold > 0 && operatingThreshold < 1)) {
            throw new IllegalArgumentException("no operating threshold: " + operatingThreshold);
        }
        long distinct = validations.stream()
                .map(v -> List.of(v.kind(), v.specimenType()))
                .distinct()
                .count();
        if (distinct != validations.size()) {
            throw new IllegalArgumentException("two validations of the same kind and specimen type");
        }
    }

    /** The validation for such images; empty where there is none: then the calls decide nothing. */
    public Optional<Validation> validationFor(Kind kind, SpecimenType specimenType) {
        return validations.stream()
                .filter(v -> v.kind() == kind && v.specimenType() == specimenType)
                .findFirst();
    }

    /** Whether a cell of that rounded probability is called a blast. */
    public boolean isBlast(double blastProbability) {
        return blastProbability >= operatingThreshold;
    }
}
