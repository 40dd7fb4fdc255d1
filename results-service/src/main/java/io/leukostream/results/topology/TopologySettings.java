package io.leukostream.results.topology;

import io.leukostream.results.audit.SiteKey;
import io.leukostream.results.domain.AlertLoop;
import io.leukostream.results.domain.VerdictPolicy;
import java.time.Duration;

/**
 * What the topology is built from.
 *
 * @param policy how verdicts follow from evidence
 * @param alerts how alerts live
 * @param escalationCheck how often overdue alerts are looked for, wall clock
 * @param siteKey what the links of the audit are signed with
 * @param observer who is told what cannot be used
 */
public record TopologySettings(
        VerdictPolicy policy, AlertLoop alerts, Duration escalationCheck, SiteKey siteKey, TopologyObserver observer) {
    /** Settings of a topology that nobody observes. */
    public TopologySettings(VerdictPolicy policy, AlertLoop alerts, Duration escalationCheck, SiteKey siteKey) {
        this(policy, alerts, escalationCheck, siteKey, TopologyObserver.NONE);
    }
}
