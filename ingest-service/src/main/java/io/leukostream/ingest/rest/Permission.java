package io.leukostream.ingest.rest;

import io.leukostream.ingest.domain.Access.Operation;
import io.leukostream.ingest.domain.PermissionToken;
import io.leukostream.ingest.domain.Problem;
import io.leukostream.ingest.domain.ProblemCode;
import io.leukostream.ingest.vault.AccessLog;
import jakarta.inject.Singleton;
import java.time.Clock;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Lets only those re-identify, erase and read the log who present the token; who does not is noted in that log. */
@Singleton
final class Permission {
    private static final Logger LOG = Logger.getLogger(Permission.class);

    private final PermissionToken token;
    private final AccessLog log;
    private final Caller caller;
    private final Clock clock;

    Permission(PermissionToken token, AccessLog log, Caller caller, Clock clock) {
        this.token = token;
        this.log = log;
        this.caller = caller;
        this.clock = clock;
    }

    /**
     * The problem with a request; null where it is permitted.
     *
     * @param authorization the header; null where there was none
     * @param by who the caller said to be; null where nothing readable was said
     */
    @Nullable
    Problem problem(Operation operation, @Nullable String authorization, @Nullable String by) {
        if (token.permits(authorization)) {
            return null;
        }
        log.refused(operation, caller.name(), by, ProblemCode.NOT_PERMITTED.name(), clock.instant());
        LOG.warnf("refused without permission: operation=%s actor=%s", operation, caller.name());
        return new Problem(
                ProblemCode.NOT_PERMITTED,
                token.isSet()
                        ? "Present the token of leukostream.vault.permission-token as a bearer token."
                        : "No token is set (leukostream.vault.permission-token), so nobody is permitted.");
    }
}
