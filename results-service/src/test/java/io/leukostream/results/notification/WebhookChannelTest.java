package io.leukostream.results.notification;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.cloudevents.CloudEvent;
import io.cloudevents.jackson.JsonFormat;
import io.leukostream.events.AlertEvent;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class WebhookChannelTest {
    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
    private static final Clock CLOCK = Clock.fixed(NOON, ZoneOffset.UTC);

    private static WebhookChannel channel(URI url) {
        return new WebhookChannel("pager", url, WebhookReceiver.SECRET, Duration.ofMillis(400), CLOCK);
    }

    private static AlertMessage message(String state, int rung) {
        return AlertMessage.of(
                AlertEvent.newBuilder()
                        .setAlertId("P-7K2M9QXA.1")
                        .setPatientId("P-7K2M9QXA")
                        .setNumber(1)
                        .setState(state)
                        .setVerdictState("BLASTS_SUSPECTED")
                        .setEvidenceHash("sha256:4f1c")
                        .setRaisedAt(NOON)
                        .setDueAt(NOON.plusSeconds(600))
                        .setAcknowledgedBy("Dr Ada")
                        .setReason("Mother Maria Musterfrau was called.")
                        .setAt(NOON.plusSeconds(601))
                        .setStep(3)
                        .setRung(rung)
                        .setRecipient(state.equals("ESCALATED") ? "the head of haematology" : null)
                        .build(),
                URI.create("https://leukostream.example.org"));
    }

    @Test
    void postsASignedCloudEventOfCodesOnly() throws Exception {
        try (WebhookReceiver receiver = new WebhookReceiver(0)) {
            // Given
            WebhookChannel channel = channel(receiver.url());

            // When
            var result = channel.deliver(message("ESCALATED", 2));

            // Then
            assertInstanceOf(Channel.Result.Delivered.class, result);
            var posted = receiver.posted().getFirst();
            assertEquals("application/cloudevents+json; charset=UTF-8", posted.contentType());
            assertEquals(NOON.getEpochSecond(), posted.signedAt());
            assertTrue(posted.isSignedBy(WebhookReceiver.SECRET));
            assertFalse(posted.isSignedBy(WebhookReceiver.SECRET + "x"));
            CloudEvent event = new JsonFormat().deserialize(posted.body().getBytes(StandardCharsets.UTF_8));
            assertEquals("P-7K2M9QXA.1.ESCALATED.2", event.getId());
            assertEquals("io.leukostream.alert.escalated", event.getType());
            assertEquals("P-7K2M9QXA.1", event.getSubject());
            JsonNode data = posted.event().path("data");
            Set<String> fields = new TreeSet<>();
            data.fieldNames().forEachRemaining(fields::add);
            assertEquals(
                    Set.of(
                            "alertId",
                            "patientId",
                            "state",
                            "step",
                            "escalationRung",
                            "escalatedTo",
                            "kind",
                            "verdictState",
                            "evidenceHash",
                            "raisedAt",
                            "dueAt",
                            "patientPage",
                            "researchUseOnly"),
                    fields);
            assertEquals(
                    "https://leukostream.example.org/patients/P-7K2M9QXA",
                    data.path("patientPage").asText());
            assertTrue(data.path("researchUseOnly").asBoolean());
            assertFalse(posted.body().contains("Musterfrau"), "what a person wrote stays inside");
        }
    }

    @Test
    void aRefusalAndSilenceAreFailuresThatSayNoAddress() throws Exception {
        try (WebhookReceiver refusing = new WebhookReceiver(1);
                ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            // Given
            URI nobody = URI.create("http://127.0.0.1:" + freePort() + "/?token=hidden");
            URI mute = URI.create("http://127.0.0.1:" + silent.getLocalPort() + "/?token=hidden");

            // When
            List<String> details =
                    List.of(failure(channel(refusing.url())), failure(channel(nobody)), failure(channel(mute)));

            // Then
            assertEquals(
                    List.of(
                            "The receiver answered 503.",
                            "The receiver cannot be reached: ConnectException.",
                            "The receiver did not answer within 400 ms."),
                    details);
        }
    }

    private static int freePort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static String failure(WebhookChannel channel) throws InterruptedException {
        return assertInstanceOf(Channel.Result.Failed.class, channel.deliver(message("RAISED", 0)))
                .detail();
    }

    @Test
    void aWebhookWithoutARealSecretIsRefusedAndTheSecretIsNotTold() {
        // Given
        String secret = "hunter2";

        // When
        var failure = assertThrows(
                IllegalArgumentException.class,
                () -> new WebhookChannel(
                        "pager", URI.create("http://127.0.0.1/"), secret, Duration.ofSeconds(1), CLOCK));

        // Then
        assertFalse(failure.getMessage().contains(secret));
    }
}
