package io.leukostream.ingest.rest;

import io.leukostream.fuzzing.Finding;
import io.leukostream.ingest.domain.Form;
import io.leukostream.ingest.domain.Identifier;
import io.leukostream.ingest.domain.Registrant;
import io.leukostream.ingest.domain.Submission;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Forms that come with an image: each is read or is none. The texts of one that was read are read again from the plainest form
 * that holds them, and who it names is named as it is kept, so that no second patient comes of it.
 */
public final class MultipartFormFuzzer {
    private static final String BOUNDARY = "b";
    private static final int LONGEST_IDENTIFIER = 64;

    private MultipartFormFuzzer() {}

    /** Jazzer calls it. */
    public static void fuzzerTestOneInput(byte[] body) {
        Optional<MultipartForm> read = MultipartForm.parse(body, BOUNDARY);
        if (read.isEmpty()) {
            return;
        }
        Map<String, List<String>> texts = read.get().texts();
        texts.remove("_charset_");
        if (isPlain(texts)) {
            Map<String, List<String>> again = MultipartForm.parse(plain(texts), BOUNDARY)
                    .map(MultipartForm::texts)
                    .orElseThrow();
            Finding.unless(texts.equals(again), "read again the form says " + again + ", not " + texts);
        }
        if (Form.submission(texts) instanceof Form.Reading.Complete<Submission>(Submission submission)) {
            Registrant registrant = submission.registrant();
            for (String identifier : List.of(registrant.patient(), registrant.specimen())) {
                Finding.unless(Identifier.kept(identifier).equals(identifier), "not as it is kept: " + identifier);
                Finding.unless(
                        !identifier.isEmpty() && identifier.length() <= LONGEST_IDENTIFIER,
                        "no identifier: " + identifier);
                Finding.unless(
                        identifier.codePoints().noneMatch(Character::isISOControl), "a control character is in it");
            }
        }
    }

    /** Whether every name and value can be written down in a form without any encoding. */
    private static boolean isPlain(Map<String, List<String>> texts) {
        return texts.entrySet().stream()
                .allMatch(entry -> entry.getKey().matches("[a-zA-Z]+")
                        && entry.getValue().stream()
                                .allMatch(value ->
                                        StandardCharsets.UTF_8.newEncoder().canEncode(value)
                                                && !value.contains("\r\n--" + BOUNDARY)
                                                && !value.startsWith("--" + BOUNDARY)));
    }

    private static byte[] plain(Map<String, List<String>> texts) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        texts.forEach((name, values) -> values.forEach(value -> body.writeBytes(
                ("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n")
                        .getBytes(StandardCharsets.UTF_8))));
        body.writeBytes(("--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.UTF_8));
        return body.toByteArray();
    }
}
