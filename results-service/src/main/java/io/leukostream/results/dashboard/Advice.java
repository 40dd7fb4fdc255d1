package io.leukostream.results.dashboard;

import org.jspecify.annotations.Nullable;

/**
 * What a rejected image's code means, in short.
 *
 * @param code the code; the page of all codes has an anchor of that name
 * @param meaning what it means
 * @param action what the laboratory does; empty where there is nothing to do
 */
public record Advice(String code, String meaning, String action) {
    /** The advice on a code; null where there is none, or the code is unknown. */
    static @Nullable Advice of(RejectionGuide guide, @Nullable String code) {
        RejectionGuide.Entry entry = code == null ? null : guide.of(code);
        return entry == null ? null : new Advice(entry.code(), entry.meaning(), entry.advice());
    }
}
