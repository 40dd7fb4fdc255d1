package io.leukostream.results.notification;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leukostream.results.PlatformResource;
import io.leukostream.results.Ward;
import io.leukostream.results.Ward.Sent;
import io.leukostream.results.notification.WebhookReceiver.Posted;
import io.leukostream.results.topology.RegistrySerdes;
import io.leukostream.schemas.Topic;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import jakarta.mail.internet.MimeMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One alert from evidence to closing, told by a webhook that refuses at first, one that is dead, and by e-mail. */
@QuarkusTest
@QuarkusTestResource(PlatformResource.class)
@QuarkusTestResource(value = ReceiversResource.class, restrictToAnnotatedClass = true)
@Timeout(150)
class AlertChannelsWireTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String ALERT = "P-WFFF6666.1";

    @ConfigProperty(name = "leukostream.kafka.bootstrap-servers")
    String bootstrapServers;

    @ConfigProperty(name = "leukostream.registry.url")
    String registryUrl;

    private static void eventually(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, "not within " + PATIENCE + ": " + what);
            try {
                Thread.sleep(50);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }

    private void send(List<Sent> records) throws Exception {
        RegistrySerdes serdes = new RegistrySerdes(registryUrl);
        try (KafkaProducer<String, SpecificRecord> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers, "acks", "all"),
                new StringSerializer(),
                serdes.<SpecificRecord>of(Topic.SPECIMENS).serializer())) {
            for (Sent record : records) {
                producer.send(new ProducerRecord<>(record.topic().topicName(), record.key(), record.value()))
                        .get();
            }
        }
    }

    private static String state() {
        return given().get("/api/v1/alerts/" + ALERT).then().extract().path("state");
    }

    private static ValidatableResponse post(String path, Map<String, Object> body) {
        return given().contentType(ContentType.JSON)
                .body(body)
                .post("/api/v1/alerts/" + ALERT + path)
                .then();
    }

    private static List<Posted> posted(String step) {
        return ReceiversResource.receiver().posted(ALERT + "." + step);
    }

    @Test
    void anAlertIsToldByEveryChannelUntilItIsClosed() throws Exception {
        // Given
        eventually("ready", () -> given().get("/q/health/ready").statusCode() == 200);
        Ward ward = new Ward("P-WFFF6666", "S-WFFF6666", "BONE_MARROW");

        // When
        send(Stream.concat(Stream.of(ward.registration()), ward.images(60, 60).stream())
                .toList());

        // Then: the webhook got the same event until it took it
        eventually("raised is delivered", () -> posted("RAISED").stream().anyMatch(each -> each.answered() == 204));
        List<Posted> raised = posted("RAISED");
        assertEquals(
                List.of(503, 503, 204), raised.stream().map(Posted::answered).toList());
        for (Posted each : raised) {
            assertEquals(raised.getFirst().body(), each.body());
            assertTrue(each.isSignedBy(WebhookReceiver.SECRET));
            assertTrue(Math.abs(Instant.now().getEpochSecond() - each.signedAt()) < 60);
        }
        assertTrue(raised.get(1).nanoTime() - raised.get(0).nanoTime()
                >= Duration.ofMillis(100).toNanos());
        assertTrue(raised.get(2).nanoTime() - raised.get(1).nanoTime()
                >= Duration.ofMillis(200).toNanos());
        assertEquals(
                "https://leukostream.example.org/patients/P-WFFF6666",
                raised.getFirst().event().path("data").path("patientPage").asText());

        // Then: so did the mail server
        eventually("mail", () -> ReceiversResource.mail().getReceivedMessages().length >= 2);
        MimeMessage mail = ReceiversResource.mail().getReceivedMessages()[0];
        assertEquals("Leukostream alert raised, patient P-WFFF6666 (research use only)", mail.getSubject());
        assertEquals("<" + ALERT + ".RAISED@leukostream>", mail.getMessageID());
        assertArrayEquals(new String[] {ALERT + ".RAISED"}, mail.getHeader("Leukostream-Event-Id"));
        assertTrue(mail.getContent().toString().contains("https://leukostream.example.org/patients/P-WFFF6666"));

        // Then: every attempt is on record, and where nobody listens is seen to be dead while all else goes on
        String nobody = "deliveries.findAll { it.name == 'nobody' }";
        eventually(
                "given up",
                () -> given().get("/api/v1/alerts/" + ALERT)
                                .then()
                                .extract()
                                .<List<Integer>>path(nobody + ".attempt")
                                .size()
                        >= 4);
        given().get("/api/v1/alerts/" + ALERT)
                .then()
                .body("deliveries.findAll { it.name == 'pager' && it.state == 'RAISED' }.attempt", contains(1, 2, 3))
                .body(
                        "deliveries.findAll { it.name == 'pager' && it.state == 'RAISED' }.status",
                        contains("FAILED", "FAILED", "DELIVERED"))
                .body("deliveries.find { it.name == 'pager' }.nextAttemptAt", notNullValue())
                .body("deliveries.find { it.name == 'pager' }.detail", equalTo("The receiver answered 503."))
                .body("deliveries.find { it.name == 'pager' }.eventId", equalTo(ALERT + ".RAISED"))
                .body("deliveries.findAll { it.name == 'on-call' }.channel", hasItem("E_MAIL"))
                .body(nobody + ".status", everyItem(equalTo("FAILED")))
                .body(nobody + ".nextAttemptAt[3]", nullValue())
                .body(nobody + ".detail", everyItem(not(containsString("127.0.0.1"))));
        eventually(
                "metrics",
                () -> given().get("/q/metrics").asString().contains("alert_channel_up{channel=\"nobody\"} 0.0"));
        assertTrue(given().get("/q/metrics").asString().contains("alert_channel_up{channel=\"pager\"} 1.0"));
        given().get("/q/health/group/alert-channels").then().statusCode(503);
        given().get("/q/health/ready").then().statusCode(200);

        // Then: it escalates at its time, along the first-time ladder
        eventually("escalated", () -> state().equals("ESCALATED"));
        given().get("/api/v1/alerts/" + ALERT)
                .then()
                .body("escalated", equalTo(true))
                .body("escalationRung", equalTo(1))
                .body("nextEscalation.rung", equalTo(2))
                .body("nextEscalation.to", equalTo("the medical director"))
                .body("history.state", contains("RAISED", "NOTIFIED", "ESCALATED"))
                .body("history.step", contains(1, 2, 3))
                .body("history[2].to", equalTo("the head of haematology"));
        eventually("the rung is delivered", () -> !posted("ESCALATED.1").isEmpty());
        given().get("/alerts")
                .then()
                .statusCode(200)
                .body(containsString("rung 2, to the medical director"))
                .body(containsString("dead: failed"));

        // Then: nobody closes what nobody read back
        post("/closures", Map.of("closedBy", "Dr Ada", "note", "Seen."))
                .statusCode(409)
                .body("code", equalTo("ALERT_NOT_ACKNOWLEDGED"));
        post(
                        "/acknowledgements",
                        Map.of(
                                "acknowledgedBy",
                                "Dr Ada",
                                "readBack",
                                Map.of("patientId", "P-WFFF6666", "state", "BLASTS_SUSPECTED")))
                .statusCode(202);
        eventually("acknowledged", () -> state().equals("ACKNOWLEDGED"));
        post("/closures", Map.of("closedBy", "Dr Ada")).statusCode(400).body("code", equalTo("MISSING_FIELD"));
        post("/closures", Map.of("closedBy", "Dr Ada", "note", "x".repeat(501)))
                .statusCode(422)
                .body("code", equalTo("NOTE_TOO_LONG"));
        given().formParam("closedBy", "Dr Ada")
                .formParam("note", "Seen; flow cytometry is on its way.")
                .header("HX-Request", "true")
                .post("/alerts/" + ALERT + "/close")
                .then()
                .statusCode(204);
        eventually("closed", () -> state().equals("CLOSED"));
        given().get("/api/v1/alerts/" + ALERT)
                .then()
                .body("closedBy", equalTo("Dr Ada"))
                .body("reason", equalTo("Seen; flow cytometry is on its way."))
                .body("nextEscalation", nullValue())
                .body("history.state", contains("RAISED", "NOTIFIED", "ESCALATED", "ACKNOWLEDGED", "CLOSED"));
        post("/closures", Map.of("closedBy", "Dr Bela", "note", "Seen too."))
                .statusCode(409)
                .body("code", equalTo("ALERT_CHANGED"));
        eventually("closing is delivered", () -> !posted("CLOSED").isEmpty());
        assertFalse(posted("CLOSED").getFirst().body().contains("flow cytometry"), "a note stays inside");
        given().get("/alerts")
                .then()
                .body(containsString("Closed and superseded"))
                .body(containsString("by Dr Ada: Seen; flow cytometry is on its way."));
    }
}
