package io.leukostream.inference.bundle;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.leukostream.inference.domain.AppearanceLimit;
import io.leukostream.inference.domain.AppearanceRange;
import io.leukostream.inference.domain.AreaRange;
import io.leukostream.inference.domain.Calibration;
import io.leukostream.inference.domain.CallRule;
import io.leukostream.inference.domain.ChannelScaling;
import io.leukostream.inference.domain.CropRule;
import io.leukostream.inference.domain.Gate;
import io.leukostream.inference.domain.Kind;
import io.leukostream.inference.domain.ModelDescription;
import io.leukostream.inference.domain.Reference;
import io.leukostream.inference.domain.ReferenceSubject;
import io.leukostream.inference.domain.SemVer;
import io.leukostream.inference.domain.SpecimenType;
import io.leukostream.inference.domain.Validation;
import io.leukostream.inference.domain.Validation.SubjectCalls;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A bundle whose files are those that it describes. That the network's own inputs and outputs are the described ones is
 * found when it is opened.
 *
 * @param description what model.json says
 * @param network model.onnx
 */
public record ModelBundle(ModelDescription description, Path network) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TYPE_COLUMN = "type:";
    private static final int FORMAT_VERSION = 2;
    private static final int MOST_REFERENCE_BYTES = 512 * 1024;

    /**
     * Reads and verifies a bundle.
     *
     * @param folder holds model.json and model.onnx
     * @throws BundleRefusedException with the reason, if it does not fit
     */
    public static ModelBundle load(Path folder) {
        Path description = folder.resolve("model.json");
        Path network = folder.resolve("model.onnx");
        try {
            byte[] json = Files.readAllBytes(description);
            JsonNode root = JSON.readTree(json);
            ModelDescription model = describe(root, hex(sha256().digest(json)));
            String stated = text(root, "modelSha256");
            String actual = sha256Of(network);
            if (!stated.equals(actual)) {
                throw new IllegalArgumentException(
                        "model.onnx has SHA-256 " + actual + ", model.json describes " + stated);
            }
            return new ModelBundle(model, network);
        } catch (JsonProcessingException e) {
            throw new BundleRefusedException(folder, "model.json is no JSON: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new BundleRefusedException(folder, "it cannot be read: " + e, e);
        } catch (IllegalArgumentException e) {
            throw new BundleRefusedException(folder, String.valueOf(e.getMessage()), e);
        }
    }

    private static ModelDescription describe(JsonNode root, String bundleSha256) throws JsonProcessingException {
        expect("formatVersion", FORMAT_VERSION, field(root, "formatVersion").asInt());
        JsonNode input = field(root, "input");
        JsonNode output = field(root, "output");
        List<Integer> inputShape = integers(input, "shape");
        if (inputShape.size() != 4
                || inputShape.get(1) != 3
                || !inputShape.get(2).equals(inputShape.get(3))) {
            throw new IllegalArgumentException("input.shape is " + inputShape + ", not [-1, 3, side, side]");
        }
        expect("input.shape[0]", -1, inputShape.get(0));
        expect("input.dtype", "float32", text(input, "dtype"));
        expect("input.channelOrder", "RGB", text(input, "channelOrder"));
        List<String> columns = strings(output, "columns");
        if (columns.stream().distinct().count() != columns.size()) {
            throw new IllegalArgumentException("output.columns name a column twice: " + columns);
        }
        expect("output.shape", List.of(-1, columns.size()), integers(output, "shape"));
        List<String> types = columns.stream()
                .filter(column -> column.startsWith(TYPE_COLUMN))
                .map(column -> column.substring(TYPE_COLUMN.length()))
                .toList();
        int firstType = types.isEmpty() ? 0 : columns.indexOf(TYPE_COLUMN + types.getFirst());
        if (!types.isEmpty() && columns.indexOf(TYPE_COLUMN + types.getLast()) != firstType + types.size() - 1) {
            throw new IllegalArgumentException("the types in output.columns do not stand together: " + columns);
        }
        JsonNode crop = field(root, "crop");
        expect("crop.surround", "BLACK", text(crop, "surround"));
        return new ModelDescription(
                text(root, "name"),
                SemVer.parse(text(root, "version")),
                bundleSha256,
                text(input, "name"),
                text(output, "name"),
                inputShape.get(2),
                scalings(input),
                new CropRule(number(crop, "sideMicrometres"), number(crop, "nominalPixelSizeMicrometres")),
                columns.size(),
                types,
                firstType,
                rules(field(root, "calls"), columns),
                validations(root),
                references(root));
    }

    private static List<ChannelScaling> scalings(JsonNode input) {
        JsonNode mean = array(input, "mean");
        JsonNode deviation = array(input, "std");
        if (mean.size() != deviation.size()) {
            throw new IllegalArgumentException("input.mean and input.std differ in length");
        }
        List<ChannelScaling> scalings = new ArrayList<>();
        for (int channel = 0; channel < mean.size(); channel++) {
            scalings.add(new ChannelScaling((float) mean.get(channel).asDouble(Double.NaN), (float)
                    deviation.get(channel).asDouble(Double.NaN)));
        }
        return scalings;
    }

    private static Map<Kind, CallRule> rules(JsonNode calls, List<String> columns) {
        Map<Kind, CallRule> rules = new EnumMap<>(Kind.class);
        for (Kind kind : Kind.values()) {
            rules.put(kind, rule(field(calls, kind.name()), columns));
        }
        return rules;
    }

    private static CallRule rule(JsonNode call, List<String> columns) {
        JsonNode calibration = field(call, "calibration");
        expect("calibration.method", "PLATT", text(calibration, "method"));
        JsonNode area = field(call, "cellAreaMicrometres2");
        List<AppearanceLimit> limits = new ArrayList<>();
        for (JsonNode limit : array(call, "limits")) {
            limits.add(new AppearanceLimit(range(limit, columns), Gate.valueOf(text(limit, "gate"))));
        }
        List<AppearanceRange> doubtfulBeyond = new ArrayList<>();
        if (call.has("doubtfulBeyond")) {
            array(call, "doubtfulBeyond").forEach(range -> doubtfulBeyond.add(range(range, columns)));
        }
        return new CallRule(
                column(call, "normal", columns),
                column(call, "blast", columns),
                new Calibration(number(calibration, "slope"), number(calibration, "intercept")),
                number(call, "operatingThreshold"),
                new AreaRange(number(area, "lower"), number(area, "upper")),
                field(call, "typed").asBoolean(),
                call.has("notIdentifiable") ? identifiability(call.get("notIdentifiable")) : null,
                limits,
                doubtfulBeyond);
    }

    private static AppearanceRange range(JsonNode range, List<String> columns) {
        return new AppearanceRange(
                column(range, "column", columns),
                range.has("lower") ? number(range, "lower") : Double.NEGATIVE_INFINITY,
                range.has("upper") ? number(range, "upper") : Double.POSITIVE_INFINITY);
    }

    private static CallRule.Identifiability identifiability(JsonNode limits) {
        return new CallRule.Identifiability(number(limits, "doubtfulFrom"), number(limits, "refusedFrom"));
    }

    private static int column(JsonNode parent, String name, List<String> columns) {
        String column = text(parent, name);
        int at = columns.indexOf(column);
        if (at < 0) {
            throw new IllegalArgumentException("'" + name + "' is " + column + ", which is none of " + columns);
        }
        return at;
    }

    private static List<Validation> validations(JsonNode root) {
        List<Validation> validations = new ArrayList<>();
        for (JsonNode validation : array(root, "validations")) {
            validations.add(new Validation(
                    Kind.valueOf(text(validation, "kind")),
                    SpecimenType.valueOf(text(validation, "specimenType")),
                    subjects(validation, "sensitivity"),
                    subjects(validation, "specificity"),
                    number(validation, "designEffect")));
        }
        return validations;
    }

    private static List<SubjectCalls> subjects(JsonNode validation, String name) {
        List<SubjectCalls> subjects = new ArrayList<>();
        for (JsonNode subject : array(validation, name)) {
            subjects.add(new SubjectCalls(
                    field(subject, "correct").asInt(-1), field(subject, "total").asInt(-1)));
        }
        return subjects;
    }

    /**
     * The optional field {@code reference}: for each kind and specimen type, subjects with their truth and the probability
     * of blast of each of their counted cells.
     *
     * @throws IllegalArgumentException if the field is there and holds anything else, or more than 512 KB without white space
     */
    private static List<Reference> references(JsonNode root) throws JsonProcessingException {
        List<Reference> references = new ArrayList<>();
        if (!root.has("reference")) {
            return references;
        }
        JsonNode listed = array(root, "reference");
        int bytes = JSON.writeValueAsBytes(listed).length;
        if (bytes > MOST_REFERENCE_BYTES) {
            throw new IllegalArgumentException(
                    "'reference' in model.json holds " + bytes + " bytes, more than " + MOST_REFERENCE_BYTES);
        }
        for (JsonNode reference : listed) {
            List<ReferenceSubject> subjects = new ArrayList<>();
            array(reference, "subjects").forEach(subject -> subjects.add(referenceSubject(subject)));
            references.add(new Reference(
                    Kind.valueOf(text(reference, "kind")),
                    SpecimenType.valueOf(text(reference, "specimenType")),
                    subjects));
        }
        return references;
    }

    private static ReferenceSubject referenceSubject(JsonNode subject) {
        List<Double> probabilities = new ArrayList<>();
        for (JsonNode probability : array(subject, "probabilities")) {
            if (!probability.isNumber()) {
                throw new IllegalArgumentException("'probabilities' in model.json holds no number: " + probability);
            }
            probabilities.add(probability.asDouble());
        }
        return new ReferenceSubject(
                text(subject, "subject"),
                ReferenceSubject.Truth.valueOf(text(subject, "truth")),
                subject.has("lookGroup") ? Optional.of(text(subject, "lookGroup")) : Optional.empty(),
                probabilities);
    }

    private static void expect(String name, Object expected, Object actual) {
        if (!expected.equals(actual)) {
            throw new IllegalArgumentException(name + " is " + actual + ", this service knows " + expected);
        }
    }

    private static JsonNode field(JsonNode parent, String name) {
        JsonNode value = parent.get(name);
        if (value == null || value.isNull()) {
            throw new IllegalArgumentException("model.json has no field '" + name + "'");
        }
        return value;
    }

    private static JsonNode array(JsonNode parent, String name) {
        JsonNode value = field(parent, name);
        if (!value.isArray()) {
            throw new IllegalArgumentException("'" + name + "' in model.json is no list");
        }
        return value;
    }

    private static String text(JsonNode parent, String name) {
        JsonNode value = field(parent, name);
        if (!value.isTextual() || value.asText().isBlank()) {
            throw new IllegalArgumentException("'" + name + "' in model.json is no text: " + value);
        }
        return value.asText();
    }

    private static double number(JsonNode parent, String name) {
        JsonNode value = field(parent, name);
        if (!value.isNumber()) {
            throw new IllegalArgumentException("'" + name + "' in model.json is no number: " + value);
        }
        return value.asDouble();
    }

    private static List<Integer> integers(JsonNode parent, String name) {
        List<Integer> values = new ArrayList<>();
        array(parent, name).forEach(value -> values.add(value.asInt()));
        return values;
    }

    private static List<String> strings(JsonNode parent, String name) {
        List<String> values = new ArrayList<>();
        array(parent, name).forEach(value -> values.add(value.asText()));
        return values;
    }

    private static String sha256Of(Path file) throws IOException {
        try (DigestInputStream in = new DigestInputStream(Files.newInputStream(file), sha256())) {
            in.transferTo(OutputStream.nullOutputStream());
            return hex(in.getMessageDigest().digest());
        }
    }

    private static String hex(byte[] digest) {
        return HexFormat.of().formatHex(digest);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** A bundle that does not fit; its message names the folder and says why. */
    public static final class BundleRefusedException extends RuntimeException {
        private static final long serialVersionUID = 1;

        BundleRefusedException(Path folder, String reason, Throwable cause) {
            super("The model bundle in " + folder + " is refused: " + reason, cause);
        }
    }
}
