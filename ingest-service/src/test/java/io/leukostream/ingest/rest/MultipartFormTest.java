package io.leukostream.ingest.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
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
    void aTextIsTheSameHoweverItIsEncoded() {
        String utf8 = "M\u00FCller 4711";
        // Given
        for (String headersAndValue : List.of(
                "\r\n\r\nM\u00C3\u00BCller 4711",
                "\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nM\u00C3\u00BCller 4711",
                "\r\nContent-Type: text/plain; charset=\"ISO-8859-1\"\r\n\r\nM\u00FCller 4711",
                "\r\nContent-Transfer-Encoding: 8bit\r\n\r\nM\u00C3\u00BCller 4711",
                "\r\nContent-Transfer-Encoding: base64\r\n\r\nTcO8bGxl\r\nciA0NzEx",
                "\r\nContent-Transfer-Encoding:\r\n base64\r\n\r\nTcO8bGxlciA0NzEx",
                "\r\nContent-Type: text/plain;\r\n\tcharset=ISO-8859-1\r\n\r\nM\u00FCller 4711",
                "\r\nContent-Transfer-Encoding: Quoted-Printable\r\n\r\nM=C3=BCller=20=\r\n4711")) {
            byte[] body = ("--b\r\nContent-Disposition: form-data; name=\"patient\"" + headersAndValue
                            + "\r\n--b--\r\n")
                    .getBytes(StandardCharsets.ISO_8859_1);

            // When
            MultipartForm form = MultipartForm.parse(body, "b").orElseThrow();

            // Then
            assertEquals(Map.of("patient", List.of(utf8)), form.texts(), headersAndValue);
        }
    }

    @Test
    void theCharsetOfAWholeFormIsThatOfItsPartsThatStateNone() {
        // Given
        byte[] body = String.join(
                        "\r\n",
                        "--b",
                        "Content-Disposition: form-data; name=\"_charset_\"",
                        "",
                        "iso-8859-1",
                        "--b",
                        "Content-Disposition: form-data; name=\"patient\"",
                        "",
                        "M\u00FCller",
                        "--b--",
                        "")
                .getBytes(StandardCharsets.ISO_8859_1);

        // When
        MultipartForm form = MultipartForm.parse(body, "b").orElseThrow();

        // Then
        assertEquals(List.of("M\u00FCller"), form.texts().get("patient"));
    }

    @Test
    void aPartWhoseHeadersCannotBeReadForSureIsRefused() {
        for (String headers : List.of(
                "Content-Transfer-Encoding : base64",
                "Content-Transfer-Encoding: base64\r\nContent-Transfer-Encoding: 8bit",
                "Content-Type: text/plain; charset=utf-8\r\nContent-Type: text/plain; charset=iso-8859-1",
                "Content-Type: text/plain; charset=utf-8; charset=iso-8859-15",
                "Content-Type: text/plain\nContent-Transfer-Encoding: base64",
                "Content-Type: text/plain\rContent-Transfer-Encoding: base64")) {
            // Given
            byte[] body = aPatient(headers, "TcO8bGxlcg==");

            // Then
            assertTrue(MultipartForm.parse(body, "b").isEmpty(), headers);
        }
    }

    @Test
    void aNameOfManyCharactersIsReadOnAShortStack() throws InterruptedException {
        // Given: as long as headers may be, of a character that is escaped and one that is not
        String name = "a\\\"".repeat(2_600);
        byte[] body = bytes("--b\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\nx\r\n--b--\r\n");
        AtomicReference<Map<String, List<String>>> read = new AtomicReference<>();

        // When
        Thread thread = new Thread(
                null,
                () -> read.set(MultipartForm.parse(body, "b").orElseThrow().texts()),
                "short stack",
                128 << 10);
        thread.start();
        thread.join();

        // Then
        assertEquals(Map.of(name, List.of("x")), read.get());
    }

    @Test
    void aParameterThatIsThereTwiceOrStaysOpenIsRefused() {
        for (String disposition : List.of(
                "form-data; name=\"patient\"; name=\"specimen\"",
                "form-data; name=\"patient",
                "form-data; name=\"patient\\\"")) {
            // Given
            byte[] body = bytes("--b\r\nContent-Disposition: " + disposition + "\r\n\r\nx\r\n--b--\r\n");

            // Then
            assertTrue(MultipartForm.parse(body, "b").isEmpty(), disposition);
        }
    }

    @Test
    void aFormWhoseCharsetNobodyKnowsIsRefused() {
        for (String charset : List.of("utf-7", "klingon", "")) {
            // Given
            byte[] body = bytes("--b\r\nContent-Disposition: form-data; name=\"_charset_\"\r\n\r\n" + charset
                    + "\r\n--b\r\nContent-Disposition: form-data; name=\"patient\"\r\n\r\nM+APw-ller\r\n--b--\r\n");

            // Then
            assertTrue(MultipartForm.parse(body, "b").isEmpty(), charset);
        }
    }

    @Test
    void textThatIsNoBase64IsNotTakenForIt() {
        // Given
        byte[] body = aPatient("Content-Transfer-Encoding: base64", "-47-11-");

        // Then
        assertTrue(MultipartForm.parse(body, "b").isEmpty());
    }

    @Test
    void aPartThatIsEncodedInAWayNobodyKnowsIsRefused() {
        for (String header : List.of(
                "Content-Type: text/plain; charset=klingon",
                "Content-Transfer-Encoding: x-uuencode",
                "Content-Transfer-Encoding: quoted-printable")) {
            // Given
            byte[] body = aPatient(header, "a=ZZ");

            // Then
            assertTrue(MultipartForm.parse(body, "b").isEmpty(), header);
        }
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

    private static byte[] aPatient(String headers, String value) {
        return bytes("--b\r\nContent-Disposition: form-data; name=\"patient\"\r\n" + headers + "\r\n\r\n" + value
                + "\r\n--b--\r\n");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
