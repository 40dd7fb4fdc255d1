package io.leukostream.standalone.audit;

import org.jspecify.annotations.Nullable;

/**
 * The newest link of a chain at some time, kept where nobody who can write the topic can write.
 *
 * @param at when the link's event happened, ISO 8601
 */
public record Head(
        String patientId,
        long number,
        String hash,
        String at,
        @Nullable String signature,
        @Nullable String keyId) {}
