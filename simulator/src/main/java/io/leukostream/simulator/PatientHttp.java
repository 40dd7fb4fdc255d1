package io.leukostream.simulator;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;

/**
 * Sends requests that are safe to repeat until one is answered: 429 and 503 are sent again after what {@code
 * Retry-After} says (seconds or a date; one second where it says nothing), a lost connection after a pause that doubles
 * up to five seconds. Any other answer is an answer.
 */
final class PatientHttp implements AutoCloseable {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    private static final Duration DEFAULT_RETRY_AFTER = Duration.ofSeconds(1);

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final Duration patience;

    /** @param patience how long one request is repeated before the last answer, or the failure, stands */
    PatientHttp(Duration patience) {
        this.patience = patience;
    }

    /** An answer, and how many times the request was sent for it. */
    record Answered(int status, String body, int attempts) {}

    /**
     * Sends the request until it is answered.
     *
     * @throws IOException if there was no answer at all within the patience
     */
    Answered send(HttpRequest request) throws IOException, InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        Duration pause = FIRST_PAUSE;
        for (int attempts = 1; ; attempts++) {
            Duration wait;
            try {
                HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
                wait = retryAfter(response);
                boolean later = response.statusCode() == 429 || response.statusCode() == 503;
                if (!later || System.nanoTime() + wait.toNanos() > end) {
                    return new Answered(response.statusCode(), response.body(), attempts);
                }
            } catch (IOException e) {
                wait = pause;
                pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
                if (System.nanoTime() + wait.toNanos() > end) {
                    throw e;
                }
            }
            Thread.sleep(wait.compareTo(FIRST_PAUSE) < 0 ? FIRST_PAUSE : wait);
        }
    }

    private static Duration retryAfter(HttpResponse<String> response) {
        String value = response.headers().firstValue("Retry-After").orElse("");
        if (value.chars().allMatch(Character::isDigit) && !value.isEmpty() && value.length() < 7) {
            return Duration.ofSeconds(Long.parseLong(value));
        }
        try {
            Instant at = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            Duration until = Duration.between(Instant.now(), at);
            return until.isNegative() ? Duration.ZERO : until;
        } catch (DateTimeException e) {
            return DEFAULT_RETRY_AFTER;
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
