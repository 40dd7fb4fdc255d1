package io.leukostream.ingest.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leukostream.ingest.intake.BytesInFlight;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Senders that never come to an end: one that always sends one more byte, where a body may take a second, and one that is cut off. */
@QuarkusTest
@TestProfile(SlowBodyTest.OneSecond.class)
class SlowBodyTest {
    private static final int BODY_BYTES = 20 << 20;
    private static final int MOST_BYTES = 100;

    public static final class OneSecond implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("leukostream.admission.longest-body", "1s", "leukostream.disk.min-free-bytes", "0");
        }
    }

    @Inject
    BytesInFlight bytesInFlight;

    @Test
    void itsConnectionIsClosedAndItsRoomIsFree() throws Exception {
        // Given
        try (Socket sender = sender("Content-Length: " + BODY_BYTES)) {
            long heldAtFirst = 0;

            // When
            int sent = 0;
            while (sent < MOST_BYTES && isTaken(sender)) {
                sent++;
                heldAtFirst = Math.max(heldAtFirst, bytesInFlight.held());
            }

            // Then
            assertEquals(BODY_BYTES, heldAtFirst);
            assertTrue(sent < MOST_BYTES, sent + " bytes were taken, one every 100 ms");
            assertTrue(isRoomFree(), bytesInFlight.held() + " bytes are still held");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: " + BODY_BYTES, "Transfer-Encoding: chunked"})
    void ofASenderThatIsCutOffTheRoomIsFree(String length) throws Exception {
        // Given
        try (Socket sender = sender(length)) {
            sender.getOutputStream().write("400\r\n".getBytes(StandardCharsets.US_ASCII));
            sender.getOutputStream().write(new byte[1024]);
            for (int k = 0; k < MOST_BYTES && bytesInFlight.held() == 0; k++) {
                Thread.sleep(20);
            }
            assertTrue(bytesInFlight.held() > 0);

            // When: a reset, as of a scanner whose cable is pulled
            sender.setSoLinger(true, 0);
        }

        // Then
        assertTrue(isRoomFree(), bytesInFlight.held() + " bytes are still held");
    }

    private static Socket sender(String length) throws IOException {
        Socket sender = new Socket(InetAddress.getLoopbackAddress(), RestAssured.port);
        sender.setSoTimeout(100);
        String head = String.join(
                "\r\n",
                "POST /api/v1/images HTTP/1.1",
                "Host: localhost",
                "Content-Type: multipart/form-data; boundary=slow",
                length,
                "",
                "");
        sender.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
        return sender;
    }

    /** The connection ends before its room is free. */
    private boolean isRoomFree() throws InterruptedException {
        for (int k = 0; k < MOST_BYTES && bytesInFlight.held() > 0; k++) {
            Thread.sleep(100);
        }
        return bytesInFlight.held() == 0;
    }

    /** Sends a byte, and waits a little for an end of the connection. */
    private static boolean isTaken(Socket sender) {
        try {
            sender.getOutputStream().write('-');
            return sender.getInputStream().read() >= 0;
        } catch (SocketTimeoutException e) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
