package io.leukostream.inference.domain;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a bundle says about its network. The network takes {@code [N,3,side,side]} float32 RGB, each channel scaled, and
 * answers {@code [N,columns]} float32.
 *
 * @param bundleSha256 SHA-256 of model.json, lower-case hexadecimal
 * @param inputSidePx side of the network's input
 * @param scaling of red, green and blue
 * @param columns figures that the network answers about a cell
 * @param types names of the cell types, in the order of their logits; empty where the network has none
 * @param firstTypeColumn where those begin
 * @param rules how cells are called, for each kind of image
 * @param validations at most one for each kind and specimen type
 * @param references at most one for each kind and specimen type; empty where the bundle holds no subjects
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
        int columns,
        List<String> types,
        int firstTypeColumn,
        Map<Kind, CallRule> rules,
        List<Validation> validations,
        List<Reference> references) {
    /** The type of what could not be identified; such a cell is not counted. */
    public static final String NOT_IDENTIFIABLE = "NOT_IDENTIFIABLE";

    public ModelDescription {
        scaling = List.copyOf(scaling);
        types = List.copyOf(types);
        rules = Map.copyOf(rules);
        validations = List.copyOf(validations);
        references = List.copyOf(references);
        if (scaling.size() != 3) {
            throw new IllegalArgumentException("three channels need three scalings, not " + scaling.size());
        }
        if (inputSidePx < 16 || inputSidePx > 2048) {
            throw new IllegalArgumentException("no input side: " + inputSidePx + " px");
        }
        for (Kind kind : Kind.values()) {
            CallRule rule = rules.get(kind);
            if (rule == null) {
                throw new IllegalArgumentException("no rule for the cells of " + kind + " images");
            }
            if (rule.identifiability() != null && !types.contains(NOT_IDENTIFIABLE)) {
                throw new IllegalArgumentException("every cell is identified where no type is " + NOT_IDENTIFIABLE);
            }
        }
        long distinct = validations.stream()
                .map(v -> List.of(v.kind(), v.specimenType()))
                .distinct()
                .count();
        if (distinct != validations.size()) {
            throw new IllegalArgumentException("two validations of the same kind and specimen type");
        }
        long compared = references.stream()
                .map(r -> List.of(r.kind(), r.specimenType()))
                .distinct()
                .count();
        if (compared != references.size()) {
            throw new IllegalArgumentException("two references of the same kind and specimen type");
        }
    }

    /** How the cells of such images are called. */
    public CallRule ruleFor(Kind kind) {
        CallRule rule = rules.get(kind);
        if (rule == null) {
            throw new IllegalStateException("every description has a rule for " + kind);
        }
        return rule;
    }

    /** The validation for such images; empty where there is none: then the calls decide nothing. */
    public Optional<Validation> validationFor(Kind kind, SpecimenType specimenType) {
        return validations.stream()
                .filter(v -> v.kind() == kind && v.specimenType() == specimenType)
                .findFirst();
    }

    /** The subjects that such a specimen can be compared with; empty where the bundle holds none. */
    public List<ReferenceSubject> referenceFor(Kind kind, SpecimenType specimenType) {
        return references.stream()
                .filter(r -> r.kind() == kind && r.specimenType() == specimenType)
                .findFirst()
                .map(Reference::subjects)
                .orElse(List.of());
    }

    /**
     * What an answer of the network says of a cell.
     *
     * @param areaMicrometres2 of the cell
     * @param answers {@code columns} figures for each of some cells
     * @param from where this cell's begin
     * @throws ArithmeticException if a logit is not finite
     */
    public CellCall call(Kind kind, double areaMicrometres2, float[] answers, int from) {
        CallRule rule = ruleFor(kind);
        double probability = rule.calibration()
                .blastProbability(answers[from + rule.normalColumn()], answers[from + rule.blastColumn()]);
        String type = rule.typed() && !types.isEmpty() ? type(answers, from + firstTypeColumn) : null;
        CallRule.Identifiability identifiability = rule.identifiability();
        double unidentifiable = identifiability == null ? 0 : notIdentifiable(answers, from + firstTypeColumn);
        boolean isIdentified = identifiability == null
                ? !NOT_IDENTIFIABLE.equals(type)
                : unidentifiable < identifiability.refusedFrom();
        Gate gate = gate(rule, areaMicrometres2, answers, from);
        if (gate == null && !isIdentified) {
            gate = Gate.NOT_IDENTIFIABLE;
        }
        boolean isInDoubt = (identifiability != null && unidentifiable >= identifiability.doubtfulFrom())
                || !rule.doubtfulBeyond().stream().allMatch(range -> range.holds(answers, from));
        return new CellCall(rule.isBlast(probability), probability, type, gate, gate == null && isInDoubt);
    }

    /** Probability that the cell cannot be identified. */
    private double notIdentifiable(float[] answers, int from) {
        double sum = 0;
        double own = answers[from + types.indexOf(NOT_IDENTIFIABLE)];
        for (int k = 0; k < types.size(); k++) {
            sum += Math.exp(answers[from + k] - own);
        }
        return 1 / sum;
    }

    private String type(float[] answers, int from) {
        int best = 0;
        for (int k = 1; k < types.size(); k++) {
            if (answers[from + k] > answers[from + best]) {
                best = k;
            }
        }
        return types.get(best);
    }

    private static @Nullable Gate gate(CallRule rule, double areaMicrometres2, float[] answers, int from) {
        if (!rule.cellArea().contains(areaMicrometres2)) {
            return Gate.SIZE_OUT_OF_RANGE;
        }
        for (AppearanceLimit limit : rule.limits()) {
            if (!limit.range().holds(answers, from)) {
                return limit.gate();
            }
        }
        return null;
    }
}
