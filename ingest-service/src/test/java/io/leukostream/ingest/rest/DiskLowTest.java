package io.leukostream.ingest.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.leukostream.ingest.Pictures;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** No disk has as much free as this watermark asks for. */
@QuarkusTest
@TestProfile(DiskLowTest.Watermark.class)
class DiskLowTest {
    public static final class Watermark implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("leukostream.disk.min-free-bytes", Long.toString(Long.MAX_VALUE));
        }
    }

    @Test
    void nothingIsAccepted() {
        // When
        Response answer = Scanner.post(Pictures.noise("png", 1), Scanner.fields("Specimen-of-a-full-disk"));

        // Then
        assertEquals(503, answer.statusCode());
        assertEquals("DISK_LOW", answer.jsonPath().getString("code"));
        assertNotNull(answer.header("Retry-After"));
    }
}
