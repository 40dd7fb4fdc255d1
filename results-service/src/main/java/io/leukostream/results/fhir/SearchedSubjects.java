package io.leukostream.results.fhir;

import io.leukostream.schemas.Identity;
import jakarta.ws.rs.core.MultivaluedHashMap;
import jakarta.ws.rs.core.MultivaluedMap;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The patients that a search of FHIR R4 names, in every spelling that the standard has for them: {@code subject} or
 * {@code patient}, with the modifier {@code :Patient}, as a code, {@code Patient/}code or an absolute URL under this server's
 * base; several separated by commas (any of them), and parameters given several times (all of them). What is not understood
 * is refused: an empty answer would say that there is no result.
 *
 * @param codes of the patients looked for
 * @param self the search as it was understood, for the bundle's link
 * @param ignored parameters that were not understood and, by FHIR's lenient handling, are left out
 */
record SearchedSubjects(Set<String> codes, String self, List<String> ignored) {
    private static final String PATIENT = "Patient/";
    private static final Set<String> NAMES = Set.of("subject", "patient", "subject:Patient", "patient:Patient");
    /** They change how an answer is written, and there is one way here. */
    private static final Set<String> OF_FORM = Set.of("_format", "_pretty");

    /** A search that cannot be answered rightly, with the reason in words. */
    static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1L;

        RefusedException(String words) {
            super(words);
        }
    }

    /** No subject was named. */
    static final class MissingException extends Exception {
        private static final long serialVersionUID = 1L;
    }

    /**
     * Reads a search.
     *
     * @param type the resource type that is searched
     * @param parameters by name, not decoded further
     * @param bases addresses that this server's resources have, each with a slash at its end
     * @param isStrict whether a parameter that is not understood is refused
     */
    static SearchedSubjects of(
            String type, MultivaluedMap<String, String> parameters, List<String> bases, boolean isStrict)
            throws RefusedException, MissingException {
        Set<String> codes = null;
        List<String> ignored = new ArrayList<>();
        MultivaluedMap<String, String> used = new MultivaluedHashMap<>();
        for (String name : parameters.keySet()) {
            String plain = name.split("[:.]", 2)[0];
            if (NAMES.contains(name)) {
                for (String value : parameters.get(name)) {
                    if (value.isBlank()) {
                        continue;
                    }
                    Set<String> named = codes(value, bases);
                    used.add(name, value);
                    if (codes == null) {
                        codes = named;
                    } else {
                        codes.retainAll(named);
                    }
                }
            } else if (NAMES.contains(plain)) {
                throw new RefusedException(
                        "The parameter " + name + " has a modifier or a chain that is not supported.");
            } else if (OF_FORM.contains(name)) {
                used.addAll(name, parameters.get(name));
            } else if (isStrict) {
                throw new RefusedException("The parameter " + name + " is not supported.");
            } else {
                ignored.add(name);
            }
        }
        if (codes == null) {
            throw new MissingException();
        }
        return new SearchedSubjects(codes, self(bases.getFirst() + type, used), ignored);
    }

    private static Set<String> codes(String list, List<String> bases) throws RefusedException {
        Set<String> codes = new LinkedHashSet<>();
        for (String reference : list.split(",", -1)) {
            codes.add(code(reference.strip(), bases));
        }
        return codes;
    }

    private static String code(String reference, List<String> bases) throws RefusedException {
        String relative = reference;
        if (reference.contains("://")) {
            relative = bases.stream()
                    .filter(reference::startsWith)
                    .map(base -> reference.substring(base.length()))
                    .findFirst()
                    .orElseThrow(() -> new RefusedException("A subject is a resource of another server."));
        }
        String code = relative.startsWith(PATIENT) ? relative.substring(PATIENT.length()) : relative;
        if (!Identity.isPatientId(code)) {
            throw new RefusedException(
                    "A subject is no patient's code, with or without Patient/ or this server's address.");
        }
        return code;
    }

    private static String self(String address, MultivaluedMap<String, String> used) {
        return address
                + used.entrySet().stream()
                        .flatMap(entry ->
                                entry.getValue().stream().map(value -> encoded(entry.getKey()) + "=" + encoded(value)))
                        .collect(Collectors.joining("&", "?", ""));
    }

    private static String encoded(@Nullable String text) {
        return URLEncoder.encode(text == null ? "" : text, StandardCharsets.UTF_8)
                .replace("%2F", "/")
                .replace("%3A", ":")
                .replace("%2C", ",");
    }

    /** What was left out, as one reads it; nothing where all was understood. */
    Stream<String> warnings() {
        return ignored.isEmpty()
                ? Stream.empty()
                : Stream.of("Not supported, and left out of the search: " + String.join(", ", ignored) + ".");
    }
}
