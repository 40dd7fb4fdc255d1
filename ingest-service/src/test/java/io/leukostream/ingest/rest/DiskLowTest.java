package io.leukostream.ingest.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leukostream.ingest.Pictures;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
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

    @Test
    void aRefusalIsReadOverHttp2Too() throws Exception {
        // Given
        URI images = URI.create("http://127.0.0.1:" + RestAssured.port + "/api/v1/images");
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build()) {
            // The first request asks for HTTP/2, the second has it.
            client.send(HttpRequest.newBuilder(images).build(), BodyHandlers.discarding());

            // When
            HttpResponse<String> answer = client.send(
                    HttpRequest.newBuilder(images)
                            .header("Content-Type", "multipart/form-data; boundary=b")
                            .POST(BodyPublishers.ofByteArray(Pictures.noise("png", 1)))
                            .build(),
                    BodyHandlers.ofString());

            // Then
            assertEquals(HttpClient.Version.HTTP_2, answer.version());
            assertEquals(503, answer.statusCode());
            assertTrue(answer.body().contains("DISK_LOW"), answer.body());
        }
    }
}
