package io.leukostream.ingest.folder;

import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * How the path of a file tells the fields of its form, such as {@code {patient}/{specimen}/{kind}/{file}}. The last
 * part is compared with the file's name without its extension; {@code {file}} stands for a name that tells nothing.
 */
public final class PathPattern {
    /** The fields of the form that comes with an image. */
    static final Set<String> FIELDS = Set.of(
            "patient",
            "specimen",
            "specimenType",
            "kind",
            "pixelSizeMicrometres",
            "priority",
            "scanner",
            "stain",
            "capturedAt",
            "externalId");

    /** Written by people as {@code bone-marrow} or {@code cell}. */
    private static final Set<String> CHOICES = Set.of("specimenType", "kind", "priority");

    private static final String ANY_NAME = "file";
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([^{}]*)}");

    private final List<Pattern> parts = new ArrayList<>();
    private final List<List<String>> names = new ArrayList<>();

    /**
     * Reads a pattern.
     *
     * @throws IllegalArgumentException if it is none, with what is wrong
     */
    public PathPattern(String text) {
        List<String> seen = new ArrayList<>();
        for (String part : text.split("/", -1)) {
            if (part.isBlank() || part.equals(".") || part.equals("..")) {
                throw wrong(text, "it has an empty part");
            }
            readPart(text, part, seen);
        }
        if (seen.stream().noneMatch(FIELDS::contains)) {
            throw wrong(text, "it names no field");
        }
    }

    /** The fields that every path of this pattern tells. */
    Set<String> fields() {
        return names.stream().flatMap(List::stream).filter(FIELDS::contains).collect(Collectors.toSet());
    }

    /**
     * What a path tells.
     *
     * @param relative of the file within the watched folder
     * @return nothing if it has another form
     */
    Optional<Map<String, String>> read(Path relative) {
        if (relative.getNameCount() != parts.size()) {
            return Optional.empty();
        }
        Map<String, String> fields = new LinkedHashMap<>();
        for (int k = 0; k < parts.size(); k++) {
            String name = relative.getName(k).toString();
            String compared = Normalizer.normalize(
                    k == parts.size() - 1 ? FileNames.withoutExtension(name) : name, Normalizer.Form.NFC);
            Matcher matcher = parts.get(k).matcher(compared);
            if (!matcher.matches()) {
                return Optional.empty();
            }
            for (int group = 0; group < names.get(k).size(); group++) {
                String field = names.get(k).get(group);
                if (FIELDS.contains(field)) {
                    fields.put(field, value(field, matcher.group(group + 1)));
                }
            }
        }
        return Optional.of(fields);
    }

    /** A choice as the form knows it, however it is written in a path. */
    static String value(String field, String text) {
        return CHOICES.contains(field) ? text.strip().toUpperCase(Locale.ROOT).replace('-', '_') : text;
    }

    private void readPart(String text, String part, List<String> seen) {
        StringBuilder expression = new StringBuilder();
        List<String> placed = new ArrayList<>();
        Matcher placeholder = PLACEHOLDER.matcher(part);
        int at = 0;
        while (placeholder.find()) {
            String name = placeholder.group(1);
            if (!FIELDS.contains(name) && !name.equals(ANY_NAME)) {
                throw wrong(text, "there is no field {" + name + "}");
            }
            if (seen.contains(name)) {
                throw wrong(text, "it names {" + name + "} twice");
            }
            if (placeholder.start() == at && at > 0) {
                throw wrong(text, "between two fields there must be something that parts them");
            }
            expression
                    .append(literal(text, part.substring(at, placeholder.start())))
                    .append("(.+?)");
            placed.add(name);
            seen.add(name);
            at = placeholder.end();
        }
        expression.append(literal(text, part.substring(at)));
        parts.add(Pattern.compile(expression.toString(), Pattern.DOTALL));
        names.add(List.copyOf(placed));
    }

    private static String literal(String text, String literal) {
        if (literal.contains("{") || literal.contains("}")) {
            throw wrong(text, "a brace is left open");
        }
        return Pattern.quote(Normalizer.normalize(literal, Normalizer.Form.NFC));
    }

    private static IllegalArgumentException wrong(String text, String why) {
        return new IllegalArgumentException(
                "leukostream.watch.pattern must be such as {patient}/{specimen}/{kind}/{file}; " + why + ": " + text);
    }
}
