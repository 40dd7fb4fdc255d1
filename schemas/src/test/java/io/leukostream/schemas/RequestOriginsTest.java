package io.leukostream.schemas;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.leukostream.schemas.RequestOrigins.Head;
import io.leukostream.schemas.RequestOrigins.Refusal;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RequestOriginsTest {
    private static final String HERE = "127.0.0.1:8080";

    private final RequestOrigins origins =
            new RequestOrigins(List.of("Leuko.Hospital.example"), List.of("leuko.hospital.example"));

    @Test
    void namesThatAreNotItsOwnAreRefusedWhateverIsAsked() {
        for (String name : List.of("evil.example", "evil.example:8080", "127.0.0.1.evil.example", "", "localhost.")) {
            assertEquals(Optional.of(Refusal.HOST_NOT_ALLOWED), asked("GET", name), name);
        }
        for (String name : List.of(
                "127.0.0.1:8080",
                "localhost:8080",
                "LOCALHOST",
                "[::1]:8080",
                "10.1.2.3",
                "leuko.hospital.example:443")) {
            assertEquals(Optional.empty(), asked("GET", name), name);
        }
        assertEquals(Optional.of(Refusal.HOST_NOT_ALLOWED), asked("GET", null));
        assertEquals(
                Optional.empty(),
                origins.refusal(new Head("GET", "/q/health/live", "inference-0", null, null, null, null, false)));
    }

    private Optional<Refusal> asked(String method, @Nullable String authority) {
        return origins.refusal(new Head(method, "/api", authority, null, null, null, null, false));
    }

    private Optional<Refusal> posted(
            @Nullable String origin, @Nullable String referer, @Nullable String site, @Nullable String type) {
        return origins.refusal(new Head("POST", "/api", HERE, origin, referer, site, type, true));
    }

    @Test
    void whatAnotherSitesPageSendsIsRefused() {
        String json = "application/json";
        assertEquals(Optional.of(Refusal.CROSS_SITE), posted("http://evil.example", null, null, json));
        assertEquals(Optional.of(Refusal.CROSS_SITE), posted("null", null, null, json));
        assertEquals(Optional.of(Refusal.CROSS_SITE), posted("http://127.0.0.1:9992", null, null, json));
        assertEquals(Optional.of(Refusal.CROSS_SITE), posted(null, "http://evil.example/page", null, json));
        assertEquals(Optional.of(Refusal.CROSS_SITE), posted(null, null, "cross-site", json));
        assertEquals(Optional.of(Refusal.CROSS_SITE), posted(null, null, "same-site", json));
        assertEquals(Optional.of(Refusal.CROSS_SITE), posted("http://" + HERE, null, "cross-site", json));
        assertEquals(Optional.of(Refusal.CROSS_SITE), posted("http://%", null, null, json));
    }

    @Test
    void itsOwnPagesAndProgramsAreNot() {
        assertEquals(Optional.empty(), posted("http://" + HERE, "http://" + HERE + "/x", "same-origin", "text/plain"));
        assertEquals(Optional.empty(), posted(null, null, null, "application/json"));
        assertEquals(
                Optional.empty(),
                posted("https://leuko.hospital.example", null, "same-origin", "application/json"),
                "a proxy may ask under another name than people do");
        assertEquals(Optional.empty(), posted(null, null, "none", "application/json"));
    }

    @Test
    void aBodyWithoutATypeIsRefusedAndARequestWithoutABodyIsNot() {
        assertEquals(Optional.of(Refusal.UNTYPED_BODY), posted(null, null, null, null));
        assertEquals(Optional.of(Refusal.UNTYPED_BODY), posted(null, null, null, " "));
        assertEquals(Optional.empty(), origins.refusal(new Head("POST", "/api", HERE, null, null, null, null, false)));
        assertEquals(
                Optional.of(Refusal.CROSS_SITE),
                origins.refusal(new Head("DELETE", "/api", HERE, "http://evil.example", null, null, null, false)));
    }
}
