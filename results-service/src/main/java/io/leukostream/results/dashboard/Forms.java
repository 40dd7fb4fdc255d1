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

    /** Whether a form comes from a page of this service; other sites' pages may send none. */
    static boolean fromHere(String secFetchSite) {
        return secFetchSite.equals("same-origin") || secFetchSite.equals("none");
    }

    /** The answer to a form of another site. */
    static Response notFromHere(String explanation) {
        return html(403, new NoticePage("Not from here", explanation));
    }

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
