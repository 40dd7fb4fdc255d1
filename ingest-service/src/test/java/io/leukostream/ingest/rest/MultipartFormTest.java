package io.leukostream.ingest.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MultipartFormTest {
    private static final String BODY = """
            preamble
            --b
            Content-Disposition: form-data; name="patient"

            M\u00FCller
            --b
            content-disposition: form-data; name=blank


            --b
            Content-Disposition: form-data; filename="a\\"; name=x.png"; name="image"
            Content-Type: image/png


            --
            --b--
            epilogue""".replace("\n", "\r\n");

    @Test
    void readsTextsAndFiles() {
        // When
        MultipartForm form = MultipartForm.parse(bytes(BODY), "b").orElseThrow();

        // Then
        assertEquals(Map.of("patient", List.of("M\u00FCller"), "blank", List.of("")), form.texts());
        MultipartForm.Part image = form.parts("image").getFirst();
        assertTrue(image.isFile());
    }

    @Test
    void keepsEveryByteOfAFile() {
        // Given
        byte[] file = {'\r', '\n', '-', '-', 'b', 'o', 'x', '\r', '\n', '-', '-', '\r', 0, -1, '\r', '\n'};
        byte[] head = bytes("--bx\r\nContent-Disposition: form-data; name=\"image\"; filename=\"a\"\r\n\r\n");
        byte[] tail = bytes("\r\n--bx--\r\n");
        byte[] body = ByteBuffer.allocate(head.length + file.length + tail.length)
                .put(head)
                .put(file)
                .put(tail)
                .array();

        // When
        MultipartForm form = MultipartForm.parse(body, "bx").orElseThrow();

        // Then
        assertEquals(ByteBuffer.wrap(file), form.parts("image").getFirst().content());
    }

    @Test
    void refusesABodyThatWasCutShortAnywhere() {
        // Given
        byte[] body = bytes(BODY);
        int end = body.length - "\r\nepilogue".length();
        for (int length = 0; length < end; length++) {
            // When
            boolean isForm =
                    MultipartForm.parse(Arrays.copyOf(body, length), "b").isPresent();

            // Then
            assertFalse(isForm, "cut to " + length);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
