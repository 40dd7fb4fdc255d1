package io.leukostream.ingest.dicom;

import io.leukostream.ingest.domain.Form;
import io.leukostream.ingest.domain.Identifier;
import io.leukostream.ingest.domain.Problem;
import io.leukostream.ingest.domain.ProblemCode;
import io.leukostream.ingest.domain.Submission;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Turns the attributes of an instance into the fields of the form that comes with every image, and says how its pixels
 * are got. Pure; {@code docs/scanners.md} has the table.
 */
final class DicomMapping {
    private static final Set<String> SOP_CLASSES = Set.of(
            // VL Microscopic Image, VL Slide-Coordinates Microscopic Image
            "1.2.840.10008.5.1.4.1.1.77.1.2",
            "1.2.840.10008.5.1.4.1.1.77.1.3",
            // Secondary Capture Image, Multi-frame True Color Secondary Capture Image
            "1.2.840.10008.5.1.4.1.1.7",
            "1.2.840.10008.5.1.4.1.1.7.4");
    /** Little endian: implicit, explicit, deflated. Of big endian ones Orthanc sorts the bytes. */
    private static final Set<String> UNCOMPRESSED =
            Set.of("1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.1.99");

    private static final String BIG_ENDIAN = "1.2.840.10008.1.2.2";
    private static final Set<String> LOSSLESS_JPEG = Set.of("1.2.840.10008.1.2.4.57", "1.2.840.10008.1.2.4.70");
    private static final String JPEG_BASELINE = "1.2.840.10008.1.2.4.50";
    private static final double SQUARE_WITHIN = 0.01;
    private static final int DAY_LENGTH = 8;

    private static final String SOP_CLASS = "0008,0016";
    private static final String SOP_INSTANCE = "0008,0018";
    private static final String IMAGE_TYPE = "0008,0008";
    private static final String ACCESSION_NUMBER = "0008,0050";
    private static final String CODE_VALUE = "0008,0100";
    private static final String CODE_SCHEME = "0008,0102";
    private static final String STATION_NAME = "0008,1010";
    private static final String ANATOMIC_REGION = "0008,2218";
    private static final String ANATOMIC_STRUCTURE = "0008,2228";
    private static final String PATIENT_ID = "0010,0020";
    private static final String PATIENT_ID_ISSUER = "0010,0021";
    private static final String NOMINAL_SCANNED_PIXEL_SPACING = "0018,2010";
    private static final String SAMPLES_PER_PIXEL = "0028,0002";
    private static final String PHOTOMETRIC_INTERPRETATION = "0028,0004";
    private static final String PLANAR_CONFIGURATION = "0028,0006";
    private static final String NUMBER_OF_FRAMES = "0028,0008";
    private static final String ROWS = "0028,0010";
    private static final String COLUMNS = "0028,0011";
    private static final String PIXEL_SPACING = "0028,0030";
    private static final String BITS_ALLOCATED = "0028,0100";
    private static final String BITS_STORED = "0028,0101";
    private static final String PIXEL_MEASURES = "0028,9110";
    private static final String REQUEST_ATTRIBUTES = "0040,0275";
    private static final String CONTAINER_IDENTIFIER = "0040,0512";
    private static final String SPECIMEN_IDENTIFIER = "0040,0551";
    private static final String SPECIMEN_DESCRIPTION = "0040,0560";
    private static final String SPECIMEN_TYPE = "0040,059a";
    private static final String REQUESTED_PROCEDURE_PRIORITY = "0040,1003";
    private static final String SHARED_FUNCTIONAL_GROUPS = "5200,9229";
    private static final String PIXEL_DATA = "7fe0,0010";
    /** When the pixels came to be, or else when they were captured from elsewhere. */
    private static final List<String> ACQUIRED = List.of("0008,002a", "0008,0022", "0018,1012", "0008,0023");

    /** An instance as it was read. */
    sealed interface Reading {
        /**
         * An image of one or more frames.
         *
         * @param submission what holds for every frame; its external id is the SOP instance's
         */
        record Image(Submission submission, int frames, int widthPx, int heightPx, FrameSource source)
                implements Reading {}

        record Refused(Problem problem) implements Reading {}
    }

    private final MappingRules rules;

    DicomMapping(MappingRules rules) {
        this.rules = rules;
    }

    /**
     * Reads an instance.
     *
     * @param reception what Orthanc noted when it received it
     */
    Reading read(Attributes attributes, Attributes reception) {
        if (!SOP_CLASSES.contains(attributes.text(SOP_CLASS).orElse(""))) {
            return refused(
                    ProblemCode.SOP_CLASS_UNSUPPORTED,
                    "The instance is of none of the classes VL Microscopic Image, VL Slide-Coordinates Microscopic"
                            + " Image, Secondary Capture Image, Multi-frame True Color Secondary Capture Image.");
        }
        return switch (Form.submission(fields(attributes, reception))) {
            case Form.Reading.Refused<Submission> refused -> new Reading.Refused(refused.problem());
            case Form.Reading.Complete<Submission> complete -> image(complete.value(), attributes, reception);
        };
    }

    private Reading image(Submission submission, Attributes attributes, Attributes reception) {
        long width = attributes.number(COLUMNS).orElse(0L);
        long height = attributes.number(ROWS).orElse(0L);
        if (!attributes.holds(PIXEL_DATA) || width < 1 || height < 1) {
            return refused(
                    ProblemCode.IMAGE_UNREADABLE,
                    "The instance has no pixels, or states no Rows and Columns for them.");
        }
        if (width > Integer.MAX_VALUE || height > Integer.MAX_VALUE || width * height > rules.mostPixels()) {
            return refused(
                    ProblemCode.PIXEL_BUDGET_EXCEEDED,
                    "The instance states " + width + " × " + height + " pixels; allowed are " + rules.mostPixels()
                            + " in all.");
        }
        Optional<Long> frames =
                attributes.text(NUMBER_OF_FRAMES).isEmpty() ? Optional.of(1L) : attributes.number(NUMBER_OF_FRAMES);
        if (frames.isEmpty() || frames.get() < 1) {
            return refused(ProblemCode.IMAGE_UNREADABLE, "Number of Frames is no number above 0.");
        }
        if (frames.get() > rules.mostFrames()) {
            return refused(
                    ProblemCode.TOO_MANY_FRAMES,
                    "The instance states " + frames.get() + " frames; allowed are " + rules.mostFrames() + ".");
        }
        FrameSource source = source(attributes, reception.text("TransferSyntax").orElse(""));
        return source == null
                ? refused(
                        ProblemCode.PIXEL_FORMAT_UNSUPPORTED,
                        "Taken are 8 bits for each sample, as RGB, YBR_FULL (little endian, JPEG baseline or lossless"
                                + " JPEG), YBR_FULL_422 in JPEG, MONOCHROME1, MONOCHROME2 or PALETTE COLOR; by plane"
                                + " uncompressed only.")
                : new Reading.Image(
                        submission, frames.get().intValue(), Math.toIntExact(width), Math.toIntExact(height), source);
    }

    /**
     * Null where the pixels could not be got without a change. Orthanc decodes YBR_FULL to red, green, blue in lossless JPEG
     * only: of RLE and JPEG-LS it gives luminance and differences as if they were colours, and of RLE by plane the planes as
     * if they were pixels.
     */
    private static @Nullable FrameSource source(Attributes attributes, String transferSyntax) {
        long samples = attributes.number(SAMPLES_PER_PIXEL).orElse(1L);
        String photometric = attributes.text(PHOTOMETRIC_INTERPRETATION).orElse("");
        boolean isUncompressed = UNCOMPRESSED.contains(transferSyntax);
        boolean isJpeg = transferSyntax.equals(JPEG_BASELINE);
        boolean isByPlane = attributes.number(PLANAR_CONFIGURATION).orElse(0L) == 1;
        boolean isOfBytes = attributes.number(BITS_ALLOCATED).orElse(0L) == 8
                && attributes.number(BITS_STORED).orElse(8L) == 8;
        if (!isOfBytes) {
            return null;
        }
        return switch (photometric + "/" + samples) {
            case "RGB/3" ->
                isUncompressed
                        ? isByPlane ? FrameSource.RGB_BY_PLANE : FrameSource.RGB
                        : isByPlane && !transferSyntax.equals(BIG_ENDIAN) ? null : FrameSource.DECODED_COLOUR;
            case "YBR_FULL/3" ->
                isJpeg
                        ? FrameSource.JPEG_STREAM
                        : isUncompressed
                                ? isByPlane ? FrameSource.YBR_BY_PLANE : FrameSource.YBR
                                : LOSSLESS_JPEG.contains(transferSyntax) ? FrameSource.DECODED_COLOUR : null;
            case "YBR_FULL_422/3" -> isJpeg ? FrameSource.JPEG_STREAM : null;
            case "PALETTE COLOR/1" -> FrameSource.DECODED_COLOUR;
            case "MONOCHROME2/1" ->
                isJpeg ? FrameSource.JPEG_STREAM : isUncompressed ? FrameSource.GREY : FrameSource.DECODED_GREY;
            case "MONOCHROME1/1" -> isUncompressed ? FrameSource.INVERTED_GREY : FrameSource.DECODED_INVERTED_GREY;
            default -> null;
        };
    }

    private Map<String, List<String>> fields(Attributes attributes, Attributes reception) {
        Map<String, List<String>> fields = new LinkedHashMap<>();
        fields.put("patient", patient(attributes));
        fields.put("specimen", specimen(attributes));
        fields.put("specimenType", specimenType(attributes));
        fields.put("kind", List.of(kind(attributes)));
        fields.put("pixelSizeMicrometres", pixelSize(attributes));
        fields.put("priority", List.of(isStat(attributes, reception) ? "STAT" : "ROUTINE"));
        fields.put("scanner", List.of(scanner(attributes, reception)));
        fields.put("capturedAt", day(attributes));
        fields.put("externalId", list(attributes.text(SOP_INSTANCE)));
        return fields;
    }

    /** Another issuer's number is another person's, so that it becomes part of the identifier. */
    private List<String> patient(Attributes attributes) {
        String home = rules.homeIssuer() == null ? "" : Identifier.kept(rules.homeIssuer());
        Optional<String> issuer = attributes
                .text(PATIENT_ID_ISSUER)
                .map(Identifier::kept)
                .filter(stated -> !stated.isEmpty() && !stated.equals(home));
        return list(attributes
                .text(PATIENT_ID)
                .map(Identifier::kept)
                .filter(id -> !id.isEmpty())
                .map(id -> id + issuer.map(each -> "^^^" + each).orElse("")));
    }

    private List<String> specimen(Attributes attributes) {
        Set<String> identifiers = new LinkedHashSet<>();
        for (Attributes item : attributes.items(SPECIMEN_DESCRIPTION)) {
            item.text(SPECIMEN_IDENTIFIER).ifPresent(identifiers::add);
        }
        if (identifiers.isEmpty()) {
            attributes.text(CONTAINER_IDENTIFIER).ifPresent(identifiers::add);
        }
        if (identifiers.isEmpty() && rules.isAccessionSpecimen()) {
            attributes.text(ACCESSION_NUMBER).ifPresent(identifiers::add);
        }
        // Several are refused by the form, as a field that was given several times.
        return List.copyOf(identifiers);
    }

    private List<String> specimenType(Attributes attributes) {
        List<Attributes> codes = new ArrayList<>();
        for (Attributes item : attributes.items(SPECIMEN_DESCRIPTION)) {
            codes.addAll(item.items(SPECIMEN_TYPE));
            codes.addAll(item.items(ANATOMIC_STRUCTURE));
            codes.addAll(item.items(ANATOMIC_REGION));
        }
        codes.addAll(attributes.items(ANATOMIC_STRUCTURE));
        codes.addAll(attributes.items(ANATOMIC_REGION));
        Set<String> types = new LinkedHashSet<>();
        for (Attributes code : codes) {
            String named = code.text(CODE_SCHEME).orElse("") + ":"
                    + code.text(CODE_VALUE).orElse("");
            if (rules.marrowCodes().contains(named)) {
                types.add("BONE_MARROW");
            }
            if (rules.bloodCodes().contains(named)) {
                types.add("PERIPHERAL_BLOOD");
            }
        }
        if (types.isEmpty() && rules.specimenType() != null) {
            types.add(rules.specimenType().name());
        }
        return List.copyOf(types);
    }

    private String kind(Attributes attributes) {
        List<String> values = attributes.texts(IMAGE_TYPE);
        return values.contains("CELL")
                ? "CELL"
                : values.contains("FIELD") ? "FIELD" : rules.kind().name();
    }

    private List<String> pixelSize(Attributes attributes) {
        List<String> spacing = attributes.texts(PIXEL_SPACING);
        for (Attributes group : attributes.items(SHARED_FUNCTIONAL_GROUPS)) {
            for (Attributes measures : group.items(PIXEL_MEASURES)) {
                spacing = spacing.isEmpty() ? measures.texts(PIXEL_SPACING) : spacing;
            }
        }
        if (spacing.isEmpty()) {
            spacing = attributes.texts(NOMINAL_SCANNED_PIXEL_SPACING);
        }
        if (spacing.isEmpty()) {
            return rules.pixelSizeMicrometres() == null ? List.of() : List.of(rules.pixelSizeMicrometres());
        }
        try {
            BigDecimal rows = new BigDecimal(spacing.getFirst());
            BigDecimal columns = new BigDecimal(spacing.getLast());
            boolean isSquare = Math.abs(rows.doubleValue() - columns.doubleValue())
                    <= SQUARE_WITHIN * Math.abs(rows.doubleValue());
            // Millimetres. Those that are not square are refused by the form, as a field with two values.
            return isSquare ? List.of(rows.movePointRight(3).toString()) : List.of(rows.toString(), columns.toString());
        } catch (ArithmeticException | NumberFormatException e) {
            // What is no number is refused by the form.
            return List.of(spacing.getFirst());
        }
    }

    private boolean isStat(Attributes attributes, Attributes reception) {
        List<Attributes> places = new ArrayList<>(attributes.items(REQUEST_ATTRIBUTES));
        places.add(attributes);
        return places.stream()
                        .anyMatch(each -> each.text(REQUESTED_PROCEDURE_PRIORITY)
                                .filter("STAT"::equals)
                                .isPresent())
                || rules.statCallers().contains(reception.text("RemoteAET").orElse(""));
    }

    /** Never what a file states itself: free text may hold anything, and an alias is published. */
    private String scanner(Attributes attributes, Attributes reception) {
        String caller = rules.scanners().get(reception.text("RemoteAET").orElse(""));
        String station = rules.scanners().get(attributes.text(STATION_NAME).orElse(""));
        return caller != null ? caller : station != null ? station : rules.scanner();
    }

    private static List<String> day(Attributes attributes) {
        for (String tag : ACQUIRED) {
            Optional<String> stated = attributes.text(tag).filter(text -> text.length() >= DAY_LENGTH);
            if (stated.isPresent()) {
                String day = stated.get().substring(0, DAY_LENGTH);
                return List.of(day.matches("[0-9]{8}") ? rfc3339(day) : day);
            }
        }
        return List.of();
    }

    private static String rfc3339(String day) {
        return day.substring(0, 4) + "-" + day.substring(4, 6) + "-" + day.substring(6) + "T00:00:00Z";
    }

    private static List<String> list(Optional<String> value) {
        return value.map(List::of).orElse(List.of());
    }

    private static Reading refused(ProblemCode code, String detail) {
        return new Reading.Refused(new Problem(code, detail));
    }
}
