package io.leukostream.ingest.dicom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.leukostream.ingest.domain.Priority;
import io.leukostream.ingest.domain.Problem;
import io.leukostream.ingest.domain.ProblemCode;
import io.leukostream.ingest.domain.SpecimenKind;
import io.leukostream.ingest.domain.SpecimenType;
import io.leukostream.ingest.domain.Submission;
import java.time.LocalDate;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The attributes are as Orthanc 1.10.1 wrote them of instances that dcmtk's storescu had sent. */
class DicomMappingTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String MICROSCOPIC = """
            {"0008,0005":"ISO_IR 192","0008,0008":"ORIGINAL\\\\PRIMARY","0008,0016":"1.2.840.10008.5.1.4.1.1.77.1.2",
             "0008,0018":"1.2.3.4.1","0008,0020":"20260131","0008,0050":"ACC-1","0008,0060":"SM",
             "0010,0010":"Q\\u00fcrinius^Anna","0010,0020":"4711","0020,000d":"1.2.3.1","0020,000e":"1.2.3.2",
             "0028,0002":"3","0028,0004":"RGB","0028,0006":"0","0028,0010":"48","0028,0011":"64",
             "0028,0030":"0.000125\\\\0.000125","0028,0100":"8","0028,0101":"8","0028,0102":"7","0028,0103":"0",
             "0040,0512":"SLIDE-1",
             "0040,0560":[{"0040,0551":"4711-BM","0040,059a":[
               {"0008,0100":"119359002","0008,0102":"SCT","0008,0104":"Bone marrow specimen"}]}],
             "7fe0,0010":null}""";
    private static final String SLIDE_COORDINATES = """
            {"0008,0005":"ISO_IR 192","0008,0008":"ORIGINAL\\\\PRIMARY\\\\VOLUME\\\\CELL",
             "0008,0016":"1.2.840.10008.5.1.4.1.1.77.1.3","0008,0018":"1.2.3.4.900","0008,0020":"20260131",
             "0008,002a":"20260130235959.123+0100","0008,0050":"ACC-1","0008,0060":"SM","0008,1010":"STATION-7",
             "0009,0010":"LEUKO TEST","0009,1001":"Quirinius private","0010,0010":"Q\\u00fcrinius^Anna",
             "0010,0020":"4711","0010,0021":"Other Hospital","0020,000d":"1.2.3.1","0020,000e":"1.2.3.2",
             "0028,0002":"3","0028,0004":"RGB","0028,0006":"0","0028,0008":"2","0028,0010":"48","0028,0011":"64",
             "0028,0100":"8","0028,0101":"8","0028,0102":"7","0028,0103":"0",
             "0040,0275":[{"0040,1003":"STAT"}],"0040,0512":"SLIDE-1",
             "0040,0560":[{"0008,2228":[{"0008,0100":"T-C2000","0008,0102":"SRT","0008,0104":"Blood"}],
               "0040,0551":"4711-PB"}],
             "5200,9229":[{"0028,9110":[{"0028,0030":"1.25e-4\\\\1.25e-4"}]}],"7fe0,0010":null}""";
    private static final String RECEPTION = """
            {"CalledAET":"ORTHANC","Origin":"DicomProtocol","PixelDataOffset":"754","ReceptionDate":"20261126T234436",
             "RemoteAET":"MICRO1","RemoteIP":"127.0.0.1","SopClassUid":"1.2.840.10008.5.1.4.1.1.77.1.2",
             "TransferSyntax":"1.2.840.10008.1.2.1"}""";

    private static final MappingRules RULES = rules(null, false, null);

    @Test
    void readsAMicroscopicImage() {
        // Given
        ObjectNode attributes = json(MICROSCOPIC);

        // When
        DicomMapping.Reading.Image image = image(RULES, attributes, json(RECEPTION));

        // Then
        Submission submission = image.submission();
        assertEquals("4711", submission.registrant().patient());
        assertEquals("4711-BM", submission.registrant().specimen());
        assertEquals(SpecimenType.BONE_MARROW, submission.registrant().type());
        assertEquals(SpecimenKind.FIELD, submission.registrant().kind());
        assertEquals(0.125, submission.pixelSizeMicrometres());
        assertEquals(Priority.ROUTINE, submission.priority());
        assertEquals("dicom", submission.scanner());
        assertNull(submission.capturedOn(), "the day of the study is not that of the capture");
        assertEquals("1.2.3.4.1", submission.externalId());
        assertEquals(1, image.frames());
        assertEquals(64, image.widthPx());
        assertEquals(48, image.heightPx());
        assertEquals(FrameSource.RGB, image.source());
    }

    @Test
    void readsTheSequencesOfASlideCoordinatesImage() {
        // Given
        ObjectNode reception = json(RECEPTION).put("RemoteAET", "MICRO2");

        // When
        DicomMapping.Reading.Image image = image(RULES, json(SLIDE_COORDINATES), reception);

        // Then
        Submission submission = image.submission();
        assertEquals("4711^^^Other Hospital", submission.registrant().patient());
        assertEquals("4711-PB", submission.registrant().specimen());
        assertEquals(SpecimenType.PERIPHERAL_BLOOD, submission.registrant().type());
        assertEquals(SpecimenKind.CELL, submission.registrant().kind());
        assertEquals(0.125, submission.pixelSizeMicrometres());
        assertEquals(Priority.STAT, submission.priority());
        assertEquals("south-7", submission.scanner(), "by its station, as this caller has no alias");
        assertEquals(LocalDate.parse("2026-01-30"), submission.capturedOn());
        assertEquals(2, image.frames());
    }

    @Test
    void takesTheCallersAliasAndPriority() {
        // Given
        ObjectNode reception = json(RECEPTION).put("RemoteAET", "EMERGENCY");

        // When
        Submission submission = image(RULES, json(MICROSCOPIC), reception).submission();

        // Then
        assertEquals("north-1", submission.scanner());
        assertEquals(Priority.STAT, submission.priority());
    }

    @Test
    void doesNotQualifyTheSitesOwnIdentifiers() {
        // Given
        MappingRules rules = rules(null, false, "Other Hospital");

        // When
        Submission submission =
                image(rules, json(SLIDE_COORDINATES), json(RECEPTION)).submission();

        // Then
        assertEquals("4711", submission.registrant().patient());
    }

    @Test
    void fallsBackToTheContainerThenToTheAccessionNumberWhereAllowed() {
        // Given
        ObjectNode container = json(MICROSCOPIC);
        container.remove("0040,0560");
        ObjectNode accession = container.deepCopy();
        accession.remove("0040,0512");
        MappingRules lenient = rules(SpecimenType.BONE_MARROW, true, null);

        // When
        Submission byContainer = image(lenient, container, json(RECEPTION)).submission();
        Submission byAccession = image(lenient, accession, json(RECEPTION)).submission();
        Problem strict = problem(rules(SpecimenType.BONE_MARROW, false, null), accession);
        Problem withoutType = problem(RULES, container);

        // Then
        assertEquals("SLIDE-1", byContainer.registrant().specimen());
        assertEquals("ACC-1", byAccession.registrant().specimen());
        assertEquals(ProblemCode.MISSING_FIELD, strict.code());
        assertEquals("specimen", strict.field());
        assertEquals(ProblemCode.MISSING_FIELD, withoutType.code());
        assertEquals("specimenType", withoutType.field());
    }

    @Test
    void refusesTwoSpecimensOnOneSlide() {
        // Given
        ObjectNode attributes = json(MICROSCOPIC);
        attributes.withArray("0040,0560").addObject().put("0040,0551", "4712-BM");

        // When
        Problem problem = problem(RULES, attributes);

        // Then
        assertEquals(ProblemCode.INVALID_FIELD, problem.code());
        assertEquals("specimen", problem.field());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            0008,0016 | 1.2.840.10008.5.1.4.1.1.2 | SOP_CLASS_UNSUPPORTED
            0008,0016 |                           | SOP_CLASS_UNSUPPORTED
            0010,0020 |                           | MISSING_FIELD
            0010,0020 | a\u202eb                  | INVALID_FIELD
            0028,0030 | NaN\\NaN                  | INVALID_FIELD
            0028,0030 | 1E999999\\1E999999        | INVALID_FIELD
            0028,0030 | 1\\1                      | INVALID_FIELD
            0028,0030 | 0.000125\\0.000250        | INVALID_FIELD
            0028,0030 | -0.000125\\-0.000125      | INVALID_FIELD
            0008,0022 | 20261399                  | INVALID_FIELD
            0028,0010 | 0                         | IMAGE_UNREADABLE
            0028,0010 | 99999999999999999999      | IMAGE_UNREADABLE
            0028,0010 | 4294967295                | PIXEL_BUDGET_EXCEEDED
            0028,0011 | 65535000                  | PIXEL_BUDGET_EXCEEDED
            0028,0008 | many                      | IMAGE_UNREADABLE
            0028,0008 | -1                        | IMAGE_UNREADABLE
            0028,0008 | 2147483647                | TOO_MANY_FRAMES
            0028,0100 | 16                        | PIXEL_FORMAT_UNSUPPORTED
            0028,0101 | 7                         | PIXEL_FORMAT_UNSUPPORTED
            0028,0002 | 4                         | PIXEL_FORMAT_UNSUPPORTED
            0028,0004 | YBR_FULL_422              | PIXEL_FORMAT_UNSUPPORTED
            0028,0004 | HSV                       | PIXEL_FORMAT_UNSUPPORTED
            """)
    void refusesWhatIsAbsurdWithACode(String tag, String value, ProblemCode code) {
        // Given
        ObjectNode attributes = json(MICROSCOPIC);
        if (value == null) {
            attributes.putNull(tag);
        } else {
            attributes.put(tag, value);
        }

        // When
        Problem problem = problem(RULES, attributes);

        // Then
        assertEquals(code, problem.code(), problem.detail());
    }

    @Test
    void refusesAnInstanceWithoutPixels() {
        // Given
        ObjectNode attributes = json(MICROSCOPIC);
        attributes.remove("7fe0,0010");

        // When
        Problem problem = problem(RULES, attributes);

        // Then
        assertEquals(ProblemCode.IMAGE_UNREADABLE, problem.code());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            RGB             | 3 | 0 | 1.2.840.10008.1.2      | RGB
            RGB             | 3 | 1 | 1.2.840.10008.1.2.1    | RGB_BY_PLANE
            RGB             | 3 | 0 | 1.2.840.10008.1.2.2    | DECODED_COLOUR
            RGB             | 3 | 0 | 1.2.840.10008.1.2.4.50 | DECODED_COLOUR
            RGB             | 3 | 0 | 1.2.840.10008.1.2.4.70 | DECODED_COLOUR
            YBR_FULL        | 3 | 0 | 1.2.840.10008.1.2.1    | YBR
            YBR_FULL        | 3 | 1 | 1.2.840.10008.1.2.1    | YBR_BY_PLANE
            YBR_FULL        | 3 | 0 | 1.2.840.10008.1.2.4.70 | DECODED_COLOUR
            RGB             | 3 | 1 | 1.2.840.10008.1.2.2    | DECODED_COLOUR
            RGB             | 3 | 0 | 1.2.840.10008.1.2.5    | DECODED_COLOUR
            YBR_FULL_422    | 3 | 0 | 1.2.840.10008.1.2.4.50 | JPEG_STREAM
            MONOCHROME2     | 1 | 0 | 1.2.840.10008.1.2.1    | GREY
            MONOCHROME2     | 1 | 0 | 1.2.840.10008.1.2.5    | DECODED_GREY
            MONOCHROME1     | 1 | 0 | 1.2.840.10008.1.2.1    | INVERTED_GREY
            MONOCHROME1     | 1 | 0 | 1.2.840.10008.1.2.4.50 | DECODED_INVERTED_GREY
            PALETTE COLOR   | 1 | 0 | 1.2.840.10008.1.2.1    | DECODED_COLOUR
            """)
    void getsPixelsInTheWayThatKeepsThem(
            String photometric, String samples, String planar, String transferSyntax, FrameSource source) {
        // Given
        ObjectNode attributes = json(MICROSCOPIC)
                .put("0028,0004", photometric)
                .put("0028,0002", samples)
                .put("0028,0006", planar);

        // When
        DicomMapping.Reading.Image image =
                image(RULES, attributes, json(RECEPTION).put("TransferSyntax", transferSyntax));

        // Then
        assertEquals(source, image.source());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            YBR_FULL | 0 | 1.2.840.10008.1.2.5
            YBR_FULL | 1 | 1.2.840.10008.1.2.5
            YBR_FULL | 0 | 1.2.840.10008.1.2.4.80
            YBR_FULL | 0 | 1.2.840.10008.1.2.2
            RGB      | 1 | 1.2.840.10008.1.2.5
            """)
    void refusesWhatOrthancDecodesToOtherColours(String photometric, String planar, String transferSyntax) {
        // Given
        ObjectNode attributes = json(MICROSCOPIC).put("0028,0004", photometric).put("0028,0006", planar);

        // When
        DicomMapping.Reading reading = new DicomMapping(RULES)
                .read(
                        new Attributes(attributes),
                        new Attributes(json(RECEPTION).put("TransferSyntax", transferSyntax)));

        // Then
        DicomMapping.Reading.Refused refused = assertInstanceOf(DicomMapping.Reading.Refused.class, reading);
        assertEquals(ProblemCode.PIXEL_FORMAT_UNSUPPORTED, refused.problem().code());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            '4711 ' | 'Other Hospital'     | 4711^^^Other Hospital
            4711         | 'Other Hospital' | 4711^^^Other Hospital
            4711         | 'Other  Hospital'    | 4711^^^Other Hospital
            4711         | 'Our Own'       | 4711
            4711         | 'Our  Own'           | 4711
            """)
    void blanksBesideAnIssuerMakeNoOtherPatient(String id, String issuer, String patient) {
        // Given
        ObjectNode attributes = json(MICROSCOPIC).put("0010,0020", id).put("0010,0021", issuer);

        // When
        DicomMapping.Reading.Image image = image(rules(null, false, "Our Own"), attributes, json(RECEPTION));

        // Then
        assertEquals(patient, image.submission().registrant().patient());
    }

    private static MappingRules rules(SpecimenType type, boolean isAccessionSpecimen, String homeIssuer) {
        return new MappingRules(
                SpecimenKind.FIELD,
                type,
                isAccessionSpecimen,
                homeIssuer,
                null,
                "dicom",
                Map.of("EMERGENCY", "north-1", "STATION-7", "south-7"),
                Set.of("EMERGENCY"),
                Set.of(),
                Set.of(),
                100,
                100_000_000);
    }

    private static DicomMapping.Reading.Image image(MappingRules rules, ObjectNode attributes, ObjectNode reception) {
        return assertInstanceOf(
                DicomMapping.Reading.Image.class,
                new DicomMapping(rules).read(new Attributes(attributes), new Attributes(reception)));
    }

    private static Problem problem(MappingRules rules, ObjectNode attributes) {
        return assertInstanceOf(
                        DicomMapping.Reading.Refused.class,
                        new DicomMapping(rules).read(new Attributes(attributes), new Attributes(json(RECEPTION))))
                .problem();
    }

    private static ObjectNode json(String text) {
        try {
            return (ObjectNode) JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }
}
