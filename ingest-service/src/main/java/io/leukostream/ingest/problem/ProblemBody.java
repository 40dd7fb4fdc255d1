package io.leukostream.ingest.problem;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.leukostream.ingest.domain.Problem;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A problem as RFC 9457 writes it. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(name = "Problem", description = "RFC 9457 problem details")
public record ProblemBody(
        @Schema(description = "URN of the code") String type,
        String title,
        int status,

        @Schema(description = "Stable; what a program decides by", examples = "IMAGE_TRUNCATED")
        String code,

        String detail,

        @Schema(description = "The field at fault, where it is one") @Nullable
        String field) {
    /** The problem's description, as every door gives it. */
    public static ProblemBody of(Problem problem) {
        return new ProblemBody(
                "urn:leukostream:problem:" + problem.code(),
                problem.code().title(),
                problem.code().status(),
                problem.code().name(),
                problem.detail(),
                problem.field());
    }
}
