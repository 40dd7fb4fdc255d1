package io.leukostream.ingest.rest;

import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leukostream.events.SpecimenRegistered;
import io.leukostream.ingest.EventLog;
import io.leukostream.ingest.LoggedText;
import io.leukostream.ingest.Pictures;
import io.leukostream.ingest.PlatformResource;
import io.leukostream.schemas.Topic;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.avro.data.TimeConversions;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Merging, re-identification and erasure by the service itself, against a real broker and registry. */
@QuarkusTest
@QuarkusTestResource(value = PlatformResource.class, restrictToAnnotatedClass = true)
class PatientsTest {
    private static LoggedText logged;

    @BeforeAll
    static void watchTheLog() {
        logged = new LoggedText();
    }

    @AfterAll
    static void stopWatching() {
        logged.close();
    }

    @AfterEach
    void noIdentifierWasLoggedOrPublishedOrCounted() {
        assertFalse(logged.all().contains("Wolpertinger"), "an identifier was logged");
        String metrics = given().get("/q/metrics").asString();
        assertTrue(metrics.contains("leukostream_ingest"), "there are metrics at all");
        assertFalse(metrics.contains("Wolpertinger"), "an identifier is in a metric");
        EventLog.all()
                .forEach(each -> assertFalse(
                        new String(each.value() == null ? new byte[0] : each.value(), StandardCharsets.ISO_8859_1)
                                .contains("Wolpertinger"),
                        each.topic()));
    }

    @Test
    void aMergePublishesTheSpecimensUnderTheOtherCodeAndTakingItBackUnderTheirOwn() {
        // Given
        JsonPath one = specimen("Wolpertinger-1", "Wolpertinger-1-BM");
        JsonPath two = specimen("Wolpertinger-2", "Wolpertinger-2-BM");
        String from = one.getString("patientId");
        String into = two.getString("patientId");

        // When
        Response merged = post("merge", Map.of("from", "Wolpertinger-1", "into", "Wolpertinger-2"));
        Response again = post("merge", Map.of("from", from, "into", into));
        Response image = Scanner.post(
                Pictures.noise("png", 11),
                Map.of(
                        "patient", "Wolpertinger-1",
                        "specimen", "Wolpertinger-1-BM",
                        "specimenType", "BONE_MARROW",
                        "kind", "CELL"));

        // Then
        assertEquals(200, merged.statusCode(), merged.asString());
        assertEquals(into, merged.jsonPath().getString("patientId"));
        assertEquals(List.of(one.getString("specimenId")), merged.jsonPath().getList("specimens"));
        assertTrue(again.jsonPath().getBoolean("repeated"));
        assertEquals(into, image.jsonPath().getString("patientId"), image.asString());
        assertEquals(
                into,
                given().contentType(ContentType.JSON)
                        .body(Map.of("patient", "Wolpertinger-1"))
                        .post("/api/v1/patients/resolve")
                        .jsonPath()
                        .getString("patientId"));
        List<SpecimenRegistered> records = records(one.getString("specimenId"));
        assertEquals(
                List.of(1, 2),
                records.stream().map(SpecimenRegistered::getVersion).distinct().toList());
        assertEquals(into, records.getLast().getPatientId());
        assertEquals(List.of(from), records.getLast().getFormerPatientIds());
        assertEquals("Dr Ada", records.getLast().getAssignedBy());
        assertEquals(records.getFirst().getRegisteredAt(), records.getLast().getRegisteredAt());

        // When
        Response back = post("unmerge", Map.of("from", "Wolpertinger-1"));

        // Then
        assertEquals(from, back.jsonPath().getString("patientId"), back.asString());
        SpecimenRegistered last = records(one.getString("specimenId")).getLast();
        assertEquals(3, last.getVersion());
        assertEquals(from, last.getPatientId());
        assertEquals(List.of(into), last.getFormerPatientIds());
    }

    @Test
    void mergesThatMakeNoSenseHaveTheirCodes() {
        // Given
        String code = specimen("Wolpertinger-3", "Wolpertinger-3-BM").getString("patientId");
        specimen("Wolpertinger-4", "Wolpertinger-4-BM");
        post("merge", Map.of("from", "Wolpertinger-3", "into", "Wolpertinger-4"));

        // When
        Response itself = post("merge", Map.of("from", "Wolpertinger-3", "into", code));
        Response circle = post("merge", Map.of("from", "Wolpertinger-4", "into", "Wolpertinger-3"));
        Response unknown = post("merge", Map.of("from", "Wolpertinger-0", "into", "Wolpertinger-3"));
        Response notMerged = post("unmerge", Map.of("from", "Wolpertinger-4"));
        Response nobody = given().contentType(ContentType.JSON)
                .body(Map.of("from", "Wolpertinger-3", "into", "Wolpertinger-4"))
                .post("/api/v1/patients/merge");

        // Then
        assertProblem(409, "MERGE_WITH_ITSELF", itself);
        assertProblem(409, "MERGE_CIRCLE", circle);
        assertProblem(404, "PATIENT_UNKNOWN", unknown);
        assertProblem(409, "NOT_MERGED", notMerged);
        assertProblem(400, "MISSING_FIELD", nobody);
    }

    @Test
    void onlyTheTokenOpensTheVaultAndEveryTryIsInItsLog() {
        // Given
        JsonPath known = specimen("Wolpertinger-5", "Wolpertinger-5-BM");
        Map<String, String> question = Map.of(
                "specimenId", known.getString("specimenId"), "by", "Dr Bela", "reason", "the alert has to be told");

        // When
        Response nothing = ask(given(), question);
        Response wrong = ask(given().header("Authorization", "Bearer a-token-for-the-tests-onlY"), question);
        Response right = ask(permitted(), question);
        Response list = permitted().get("/api/v1/patients/access-log");
        Response listWithout = given().get("/api/v1/patients/access-log");

        // Then
        assertProblem(403, "NOT_PERMITTED", nothing);
        assertProblem(403, "NOT_PERMITTED", wrong);
        assertProblem(403, "NOT_PERMITTED", listWithout);
        assertEquals(200, right.statusCode(), right.asString());
        assertEquals("no-store", right.header("Cache-Control"));
        assertEquals("Wolpertinger-5", right.jsonPath().getString("patients[0].patient"));
        assertEquals("Wolpertinger-5-BM", right.jsonPath().getString("specimens[0].specimen"));
        List<Map<String, Object>> lines = list.jsonPath().getList("items");
        List<String> ofBela = lines.stream()
                .filter(line -> "Dr Bela".equals(line.get("by")))
                .map(line -> line.get("operation") + " " + line.get("outcome"))
                .toList();
        assertEquals(List.of("IDENTIFY NOT_PERMITTED", "IDENTIFY NOT_PERMITTED", "IDENTIFY ANSWERED"), ofBela);
        assertFalse(list.asString().contains("Wolpertinger"), "the log holds no identifier");
    }

    @Test
    void anErasedPatientIsAStrangerWhenItComesAgainAndTheFileHoldsNothing() throws IOException {
        // Given
        JsonPath before = specimen("Wolpertinger-Erased", "Wolpertinger-Erased-BM");
        Path file = Path.of(ConfigProvider.getConfig().getValue("leukostream.data", String.class), "vault.mv.db");
        assertTrue(Files.readString(file, StandardCharsets.ISO_8859_1).contains("Wolpertinger-Erased"));
        Map<String, String> request =
                Map.of("patient", "Wolpertinger-Erased", "by", "Data officer", "reason", "asked for by the parents");

        // When
        Response without = given().contentType(ContentType.JSON).body(request).post("/api/v1/patients/erase");
        Response erased =
                permitted().contentType(ContentType.JSON).body(request).post("/api/v1/patients/erase");

        // Then
        assertProblem(403, "NOT_PERMITTED", without);
        assertEquals(200, erased.statusCode(), erased.asString());
        assertEquals(List.of(before.getString("patientId")), erased.jsonPath().getList("codes"));
        assertTrue(erased.jsonPath().getBoolean("filesCleaned"));
        assertFalse(Files.readString(file, StandardCharsets.ISO_8859_1).contains("Wolpertinger-Erased"));
        assertProblem(
                410,
                "PATIENT_ERASED",
                ask(
                        permitted(),
                        Map.of("patientId", before.getString("patientId"), "by", "Dr Ada", "reason", "to see")));
        JsonPath after = specimen("Wolpertinger-Erased", "Wolpertinger-Erased-BM");
        assertNotEquals(before.getString("patientId"), after.getString("patientId"));
        assertNotEquals(before.getString("specimenId"), after.getString("specimenId"));
    }

    private static RequestSpecification permitted() {
        return given().header("Authorization", "Bearer a-token-for-the-tests-only");
    }

    private static Response ask(RequestSpecification as, Map<String, String> question) {
        return as.contentType(ContentType.JSON).body(question).post("/api/v1/patients/identify");
    }

    private static Response post(String operation, Map<String, String> names) {
        Map<String, String> body = new java.util.HashMap<>(names);
        body.put("by", "Dr Ada");
        body.put("reason", "two requests for one child");
        return given().contentType(ContentType.JSON).body(body).post("/api/v1/patients/" + operation);
    }

    private static JsonPath specimen(String patient, String specimen) {
        Response answer = given().contentType(ContentType.JSON)
                .body(Map.of("patient", patient, "specimen", specimen, "specimenType", "BONE_MARROW", "kind", "CELL"))
                .post("/api/v1/specimens");
        assertEquals(200, answer.statusCode(), answer.asString());
        return answer.jsonPath();
    }

    private static void assertProblem(int status, String code, Response answer) {
        assertEquals(code, answer.jsonPath().getString("code"), answer.asString());
        assertEquals(status, answer.statusCode());
    }

    /** The records of a specimen, oldest first. */
    private static List<SpecimenRegistered> records(String specimenId) {
        List<SpecimenRegistered> records = new ArrayList<>();
        // The test's class loader is not the one that Avro would look the class up in.
        SpecificData model = new SpecificData(SpecimenRegistered.class.getClassLoader());
        model.addLogicalTypeConversion(new TimeConversions.TimestampMillisConversion());
        EventLog.of(Topic.SPECIMENS.topicName()).forEach(each -> {
            if (new String(each.key(), StandardCharsets.UTF_8).equals(specimenId)) {
                byte[] wire = each.value();
                try {
                    records.add(new SpecificDatumReader<SpecimenRegistered>(
                                    Topic.SPECIMENS.valueSchema(), Topic.SPECIMENS.valueSchema(), model)
                            .read(null, DecoderFactory.get().binaryDecoder(wire, 5, wire.length - 5, null)));
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            }
        });
        return records;
    }
}
