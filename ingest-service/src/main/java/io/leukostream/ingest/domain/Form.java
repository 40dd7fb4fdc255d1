package io.leukostream.ingest.domain;

import io.leukostream.schemas.PixelScale;
import io.leukostream.schemas.SiteAlias;
import java.text.Normalizer;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads submitted fields. Surrounding blanks do not count, a blank optional field is one that was not stated,
 * and a field that was given twice is refused, since either value might be the wrong patient's.
 */
public final class Form {
    private static final int IDENTIFIER_LENGTH = 64;
    private static final int EXTERNAL_ID_LENGTH = 128;
    private static final Pattern DECIMAL = Pattern.compile("[0-9]*\\.?[0-9]+([eE][+-]?[0-9]{1,2})?");
    private static final int TELLING_LENGTH = 6;
    private static final int DECIMAL_LENGTH = 32;
    private static final int FIRST_YEAR = 1900;
    private static final int LAST_YEAR = 9999;

    /** A form as it was read. */
    public sealed interface Reading<T> {
        /** Every field is as it must be. */
        record Complete<T>(T value) implements Reading<T> {}

        /** The first field that is not. */
        record Refused<T>(Problem problem) implements Reading<T> {}
    }

    private static final class FieldException extends Exception {
        private static final long serialVersionUID = 1L;

        private final transient Problem problem;

        FieldException(ProblemCode code, String field, String detail) {
            super(detail);
            this.problem = new Problem(code, detail, field);
        }
    }

    private interface Reader<T> {
        T read() throws FieldException;
    }

    private final Map<String, List<String>> fields;

    private Form(Map<String, List<String>> fields) {
        this.fields = fields;
    }

    /** The form that comes with an image. */
    public static Reading<Submission> submission(Map<String, List<String>> fields) {
        Form form = new Form(fields);
        return reading(() -> {
            Registrant registrant = form.registrantFields();
            return new Submission(
                    registrant,
                    form.pixelSize("pixelSizeMicrometres"),
                    form.optionalChoice("priority", Priority.class, Priority.ROUTINE),
                    form.alias("scanner", registrant),
                    form.alias("stain", registrant),
                    form.day("capturedAt"),
                    form.externalId("externalId"));
        });
    }

    /** The form that registers a specimen. */
    public static Reading<Registrant> registrant(Map<String, List<String>> fields) {
        return reading(new Form(fields)::registrantFields);
    }

    /** The form that asks for a patient; its value is the identifier as it is kept. */
    public static Reading<String> patient(Map<String, List<String>> fields) {
        Form form = new Form(fields);
        return reading(() -> form.identifier("patient"));
    }

    /** The form that asks who stands behind a code: a patient's or a specimen's, one of them. */
    public static Reading<Question> question(Map<String, List<String>> fields) {
        Form form = new Form(fields);
        return reading(() -> {
            String patient = form.optional("patientId");
            String specimen = form.optional("specimenId");
            if (patient == null && specimen == null) {
                throw new FieldException(
                        ProblemCode.MISSING_FIELD,
                        "patientId",
                        "One of the fields patientId and specimenId is needed.");
            }
            if (patient != null && specimen != null) {
                throw invalid("specimenId", "must not be given together with patientId");
            }
            try {
                return patient != null
                        ? new Question(new PatientId(patient), null, form.grounds())
                        : new Question(null, new SpecimenId(form.required("specimenId")), form.grounds());
            } catch (IllegalArgumentException e) {
                throw patient != null
                        ? invalid("patientId", "must be a code of the form P-XXXXXXXX")
                        : invalid("specimenId", "must be a code of the form S-XXXXXXXX");
            }
        });
    }

    /** The form that merges two patients. */
    public static Reading<Merge> merge(Map<String, List<String>> fields) {
        Form form = new Form(fields);
        return reading(() -> new Merge(form.identifier("from"), form.identifier("into"), form.grounds()));
    }

    /** The form that names one patient and says who wants something of it, and why. */
    public static Reading<Request> request(String field, Map<String, List<String>> fields) {
        Form form = new Form(fields);
        return reading(() -> new Request(form.identifier(field), form.grounds()));
    }

    private Grounds grounds() throws FieldException {
        return new Grounds(text("by", Grounds.BY_LENGTH), text("reason", Grounds.REASON_LENGTH));
    }

    private String text(String field, int length) throws FieldException {
        String text = Normalizer.normalize(required(field), Normalizer.Form.NFC);
        if (text.length() > length || text.codePoints().anyMatch(Form::isUnprintable)) {
            throw invalid(field, "must be 1 to " + length + " printable characters");
        }
        return text;
    }

    private static <T> Reading<T> reading(Reader<T> reader) {
        try {
            return new Reading.Complete<>(reader.read());
        } catch (FieldException e) {
            return new Reading.Refused<>(e.problem);
        }
    }

    private Registrant registrantFields() throws FieldException {
        return new Registrant(
                identifier("patient"),
                identifier("specimen"),
                choice("specimenType", SpecimenType.class),
                choice("kind", SpecimenKind.class));
    }

    /** As it is kept, so that two ways to type one name are one patient. */
    private String identifier(String field) throws FieldException {
        String text = Identifier.kept(required(field));
        if (text.isEmpty()) {
            throw missing(field);
        }
        if (text.length() > IDENTIFIER_LENGTH
                || text.codePoints().anyMatch(Form::isUnprintable)
                || Identifier.hidesSomething(text)) {
            throw invalid(field, "must be 1 to " + IDENTIFIER_LENGTH + " printable characters");
        }
        return text;
    }

    private @Nullable String externalId(String field) throws FieldException {
        String text = optional(field);
        if (text != null
                && (text.length() > EXTERNAL_ID_LENGTH || text.codePoints().anyMatch(Form::isUnprintable))) {
            throw invalid(field, "must be at most " + EXTERNAL_ID_LENGTH + " printable characters");
        }
        return text;
    }

    private static boolean isUnprintable(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.UNASSIGNED,
                    Character.PRIVATE_USE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> true;
            // Where the sender's bytes were not UTF-8: two broken names might become one patient.
            default -> codePoint == 0xFFFD;
        };
    }

    private <E extends Enum<E>> E choice(String field, Class<E> type) throws FieldException {
        return constant(field, type, required(field));
    }

    private <E extends Enum<E>> E optionalChoice(String field, Class<E> type, E otherwise) throws FieldException {
        String text = optional(field);
        return text == null ? otherwise : constant(field, type, text);
    }

    private static <E extends Enum<E>> E constant(String field, Class<E> type, String text) throws FieldException {
        for (E constant : type.getEnumConstants()) {
            if (constant.name().equals(text)) {
                return constant;
            }
        }
        throw invalid(field, "must be one of " + Arrays.toString(type.getEnumConstants()));
    }

    private @Nullable Double pixelSize(String field) throws FieldException {
        String text = optional(field);
        if (text == null) {
            return null;
        }
        double size = text.length() <= DECIMAL_LENGTH && DECIMAL.matcher(text).matches()
                ? Double.parseDouble(text)
                : Double.NaN;
        if (!PixelScale.isPossible(size)) {
            throw invalid(field, "must be a decimal number from 0.005 to 5 (µm)");
        }
        return size;
    }

    /** An alias is published as it is, so that one with an identifier in it is refused. */
    private @Nullable String alias(String field, Registrant registrant) throws FieldException {
        String text = alias(field);
        if (text != null && (tells(text, registrant.patient()) || tells(text, registrant.specimen()))) {
            throw invalid(field, "must not hold the identifier of the patient or of the specimen");
        }
        return text;
    }

    /** Whether a text is an identifier or, if that is long enough for this to be no accident, holds it. */
    private static boolean tells(String text, String identifier) {
        String told = Identifier.kept(text).toLowerCase(Locale.ROOT);
        String secret = identifier.toLowerCase(Locale.ROOT);
        return secret.length() < TELLING_LENGTH ? told.equals(secret) : told.contains(secret);
    }

    private @Nullable String alias(String field) throws FieldException {
        String text = optional(field);
        if (text != null && !SiteAlias.isOne(text)) {
            throw invalid(
                    field, "must be 1 to 32 letters, digits, spaces and ._/+()-, beginning with a letter or digit");
        }
        return text;
    }

    private @Nullable LocalDate day(String field) throws FieldException {
        String text = optional(field);
        if (text == null) {
            return null;
        }
        try {
            LocalDate day = OffsetDateTime.parse(text).toLocalDate();
            if (day.getYear() >= FIRST_YEAR && day.getYear() <= LAST_YEAR) {
                return day;
            }
            throw invalid(field, "must lie in the years " + FIRST_YEAR + " to " + LAST_YEAR);
        } catch (DateTimeParseException e) {
            throw invalid(field, "must be a time as in RFC 3339, such as 2026-01-31T09:30:00+01:00");
        }
    }

    private String required(String field) throws FieldException {
        String text = optional(field);
        if (text == null) {
            throw missing(field);
        }
        return text;
    }

    private static FieldException missing(String field) {
        return new FieldException(ProblemCode.MISSING_FIELD, field, "The field " + field + " is missing or blank.");
    }

    private @Nullable String optional(String field) throws FieldException {
        List<String> values = fields.getOrDefault(field, List.of());
        if (values.size() > 1) {
            throw invalid(field, "was given " + values.size() + " times");
        }
        return values.isEmpty() || values.getFirst().isBlank()
                ? null
                : values.getFirst().strip();
    }

    private static FieldException invalid(String field, String rule) {
        return new FieldException(ProblemCode.INVALID_FIELD, field, "The field " + field + " " + rule + ".");
    }
}
