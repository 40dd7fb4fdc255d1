package io.leukostream.results.topology;

import io.leukostream.results.domain.AlertLoop;
import io.leukostream.results.domain.VerdictPolicy;
import java.time.Duration;

/**
 * What the topology is built from.
 *
 * @param policy how verdicts follow from evidence
 * @param alerts how alerts live
 * @param escalationCheck how often overdue alerts are looked for, wall clock
 */
public record TopologySettings(VerdictPolicy policy, AlertLoop alerts, Duration escalationCheck) {}
