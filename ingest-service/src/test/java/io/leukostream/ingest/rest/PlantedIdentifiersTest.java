package io.leukostream.ingest.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leukostream.ingest.EventLog;
import io.leukostream.ingest.LoggedText;
import io.leukostream.ingest.Pictures;
import io.leukostream.ingest.PlatformResource;
import io.leukostream.schemas.Topic;
import io.leukostream.simulator.planted.Planted;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.Test;

/** Identifiers in every field and in every place of a file: none is in a topic or in the service's log. */
@QuarkusTest
@QuarkusTestResource(value = PlatformResource.class, restrictToAnnotatedClass = true)
class PlantedIdentifiersTest {
    private static final String IN_FILE = "Quirinius-Embedded";
    private static final String IN_PATIENT = "Quirinius-Patient";
    private static final String IN_SPECIMEN = "Quirinius-Specimen";
    private static final String IN_EXTERNAL_ID = "Quirinius-External";
    private static final String IN_NAME = "Quirinius-Filename";
    private static final String IN_OTHER_FIELD = "Quirinius-Other";
    /** What all of them begin with. */
    private static final String ANY = "Quirinius";

    @Test
    void noneLeavesTheVault() {
        // Given
        LoggedText logged = new LoggedText();
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("a.jpg", Planted.jpeg(Pictures.noise("jpeg", 1), IN_FILE));
        files.put("a.png", Planted.png(Pictures.noise("png", 1), IN_FILE));
        files.put("a.bmp", Planted.bmp(Pictures.noise("bmp", 1), IN_FILE));
        files.put("a.tif", Planted.tiff(Pictures.noise("tiff", 1), IN_FILE));
        files.put("a.webp", Planted.webp(Pictures.webpLossy(), IN_FILE));
        files.put("b.webp", Planted.webp(Pictures.webpExtended(), IN_FILE));
        Set<String> imageIds = new HashSet<>();
        List<Response> refused = new ArrayList<>();

        // When
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            Response accepted = post(file.getKey(), file.getValue(), Map.of());
            assertEquals(202, accepted.statusCode(), accepted.asString());
            imageIds.add(accepted.jsonPath().getString("imageId"));
            byte[] cut = Arrays.copyOf(file.getValue(), file.getValue().length / 3);
            refused.add(post(file.getKey(), cut, Map.of()));
        }
        refused.add(post("c.png", files.get("a.png"), Map.of("scanner", IN_PATIENT)));
        refused.add(post("c.png", files.get("a.png"), Map.of("stain", "for " + IN_SPECIMEN.toUpperCase(Locale.ROOT))));
        refused.add(post("c.png", files.get("a.png"), Map.of("kind", IN_OTHER_FIELD)));
        refused.add(post("c.png", files.get("a.png"), Map.of("pixelSizeMicrometres", IN_OTHER_FIELD)));
        refused.add(post("c.png", files.get("a.png"), Map.of("capturedAt", IN_OTHER_FIELD)));
        refused.add(post("c.png", files.get("a.png"), Map.of("priority", IN_OTHER_FIELD)));
        refused.add(post("c.png", files.get("a.png"), Map.of("patient", IN_PATIENT + "-other")));
        logged.close();

        // Then
        List<ConsumerRecord<byte[], byte[]>> records = EventLog.all();
        Set<String> published = new HashSet<>();
        for (ConsumerRecord<byte[], byte[]> each : records) {
            String where = each.topic() + " at " + each.offset();
            assertHoldsNone(each.key(), where + ", key");
            assertHoldsNone(each.value(), where + ", value");
            for (Header header : each.headers()) {
                assertHoldsNone(header.key().getBytes(StandardCharsets.UTF_8), where + ", header");
                assertHoldsNone(header.value(), where + ", header");
            }
            if (each.topic().equals(Topic.SMEAR_IMAGES.topicName())) {
                published.add(new String(each.key(), StandardCharsets.UTF_8));
            }
        }
        assertTrue(published.containsAll(imageIds), "all were published");
        assertHoldsNone(logged.all().getBytes(StandardCharsets.UTF_8), "the service's log");
        for (Response each : refused) {
            assertTrue(each.statusCode() >= 400, each.asString());
            assertHoldsNone(each.asByteArray(), "a refusal");
        }
    }

    @Test
    void filesThatDifferInMetadataOnlyAreOneImage() {
        // Given
        byte[] plain = Pictures.noise("jpeg", 2);
        Response first = post("a.jpg", plain, Map.of());

        // When
        Response second = post("b.jpg", Planted.jpeg(plain, "Quirinius-Second"), Map.of());

        // Then
        assertEquals(202, first.statusCode(), first.asString());
        assertEquals(200, second.statusCode(), second.asString());
        assertEquals(first.jsonPath().getString("imageId"), second.jsonPath().getString("imageId"));
        assertTrue(second.jsonPath().getBoolean("duplicate"));
    }

    private static Response post(String extension, byte[] file, Map<String, String> others) {
        Map<String, String> fields = Scanner.fields(IN_SPECIMEN);
        fields.put("patient", IN_PATIENT);
        fields.put("externalId", IN_EXTERNAL_ID);
        fields.put("scanner", "north-1");
        fields.put("stain", "Wright-Giemsa");
        fields.put("capturedAt", "2026-01-31T09:30:00+01:00");
        fields.put(IN_OTHER_FIELD, IN_OTHER_FIELD);
        fields.putAll(others);
        return Scanner.request(fields)
                .header("X-Operator", IN_OTHER_FIELD)
                .multiPart("image", IN_NAME + extension, file, "application/octet-stream")
                .post("/api/v1/images?operator=" + IN_OTHER_FIELD);
    }

    private static void assertHoldsNone(byte[] bytes, String where) {
        if (bytes == null) {
            return;
        }
        assertFalse(Planted.isAnywhereIn(bytes, ANY), where);
    }
}
