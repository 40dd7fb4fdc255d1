package io.leukostream.results.dashboard;

import io.leukostream.results.rest.Problem;
import io.quarkus.qute.TemplateInstance;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.nio.charset.StandardCharsets;

/** How the pages answer a form that was sent. */
final class Forms {
    private static final int UNPROCESSABLE = 422;

    private Forms() {}

    /** A refusal gives the form again with what was entered; a field that is missing is the form's own matter, too. */
    static Response refused(Problem problem, TemplateInstance form) {
        int status = problem.getResponse().getStatus();
        return html(status == 400 ? UNPROCESSABLE : status, form);
    }

    static Response html(int status, TemplateInstance page) {
        return Response.status(status)
                .type(MediaType.TEXT_HTML_TYPE.withCharset(StandardCharsets.UTF_8.name()))
                .entity(page.render())
                .build();
    }
}
