package io.leukostream.ingest.rest;

import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.leukostream.ingest.Pictures;
import io.leukostream.ingest.PlatformResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The registry is there, and nobody listens where the broker should be. */
@QuarkusTest
@TestProfile(BrokerAwayTest.DeadPort.class)
@QuarkusTestResource(value = PlatformResource.class, restrictToAnnotatedClass = true)
class BrokerAwayTest {
    public static final class DeadPort implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "leukostream.kafka.bootstrap-servers", "127.0.0.1:1", "leukostream.kafka.delivery-timeout", "1s");
        }
    }

    @Test
    void nothingIsAcceptedHoweverOftenItIsSent() {
        // Given
        byte[] image = Pictures.noise("png", 1);

        for (int attempt = 0; attempt < 2; attempt++) {
            // When
            Response answer = Scanner.post(image, Scanner.fields("Specimen-of-silence"));

            // Then
            assertEquals(503, answer.statusCode(), answer.asString());
            assertEquals("BROKER_UNAVAILABLE", answer.jsonPath().getString("code"));
            assertNotNull(answer.header("Retry-After"));
        }
    }

    @Test
    void itIsAliveAndNotReady() {
        // When
        Response live = given().get("/q/health/live");
        Response ready = given().get("/q/health/ready");

        // Then
        assertEquals(200, live.statusCode());
        assertEquals(503, ready.statusCode());
        assertEquals(List.of("DOWN"), ready.jsonPath().getList("checks.findAll { it.name == 'broker' }.status"));
    }
}
