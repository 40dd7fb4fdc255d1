package io.leukostream.ingest.domain;

import org.jspecify.annotations.Nullable;

/**
 * One occurrence of a problem. Its text goes to the sender only; it still holds no submitted identifier, so that no log
 * on the way can catch one.
 *
 * @param code what kind of problem
 * @param detail one sentence about this occurrence
 * @param field the form or JSON field at fault; null where it is none
 */
public record Problem(
        ProblemCode code, String detail, @Nullable String field) {
    public Problem(ProblemCode code, String detail) {
        this(code, detail, null);
    }
}
