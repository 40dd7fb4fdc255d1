package io.leukostream.results.config;

import io.leukostream.events.ImageClassified;
import io.leukostream.events.ImageEvidence;
import io.leukostream.results.audit.SiteKey;
import io.leukostream.results.domain.DriftPolicy;
import io.leukostream.results.domain.OverdueRule;
import io.leukostream.results.domain.SpecimenRule;
import io.leukostream.results.domain.TriagePolicy;
import io.leukostream.results.domain.VerdictPolicy;
import io.leukostream.results.evidence.EvidenceReader;
import io.leukostream.results.health.BrokerProbe;
import io.leukostream.results.instances.HttpInstances;
import io.leukostream.results.metrics.ChannelMeters;
import io.leukostream.results.metrics.PendingMeters;
import io.leukostream.results.metrics.ScannerDriftMeters;
import io.leukostream.results.metrics.TopologyMeters;
import io.leukostream.results.notification.Notifications;
import io.leukostream.results.notification.RetryPolicy;
import io.leukostream.results.pipeline.ExpiredImages;
import io.leukostream.results.pipeline.LaneBacklog;
import io.leukostream.results.pipeline.PendingWatch;
import io.leukostream.results.pipeline.RecentOutcomes;
import io.leukostream.results.rest.Commands;
import io.leukostream.results.rest.ResultsQueries;
import io.leukostream.results.shadow.ShadowComparison;
import io.leukostream.results.shadow.ShadowLog;
import io.leukostream.results.stream.LiveEvents;
import io.leukostream.results.stream.LiveFeed;
import io.leukostream.results.topology.EventSerdes;
import io.leukostream.results.topology.LocalStores;
import io.leukostream.results.topology.RegistrySerdes;
import io.leukostream.results.topology.ResultsStores;
import io.leukostream.results.topology.ResultsTopology;
import io.leukostream.results.topology.StreamsRuntime;
import io.leukostream.results.topology.StreamsSettings;
import io.leukostream.results.topology.TopologySettings;
import io.leukostream.results.worklist.Worklist;
import io.leukostream.results.worklist.WorklistFeed;
import io.leukostream.schemas.ClockWatch;
import io.leukostream.schemas.ImageLimit;
import io.leukostream.schemas.Topic;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.mailer.reactive.ReactiveMailer;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.StringSerializer;

/** Puts the parts together from the configuration, starts them and stops them. The one place that configures clients. */
@Singleton
public class Wiring {
    private final ResultsConfig config;

    Wiring(ResultsConfig config) {
        this.config = config;
    }

    void start(
            @Observes StartupEvent event,
            StreamsRuntime runtime,
            WorklistFeed worklist,
            LiveFeed feed,
            ScannerDriftMeters drift,
            PendingWatch pending) {
        ClockWatch.start();
        runtime.start();
        worklist.start();
        feed.start();
        drift.start();
        pending.start();
    }

    void start(
            @Observes StartupEvent event,
            Notifications notifications,
            PendingWatch pending,
            ExpiredImages expired,
            MeterRegistry meters) {
        expired.start();
        ChannelMeters.register(meters, notifications);
        PendingMeters.register(meters, pending);
        notifications.start();
    }

    void stop(@Observes ShutdownEvent event, Notifications notifications) {
        notifications.close();
    }

    void stop(
            @Observes ShutdownEvent event,
            StreamsRuntime runtime,
            WorklistFeed worklist,
            LiveFeed feed,
            ScannerDriftMeters drift,
            PendingWatch pending) {
        pending.close();
        drift.close();
        feed.close();
        worklist.close();
        runtime.close();
    }

    private ImageLimit limit() {
        return new ImageLimit(config.image().maxBytes());
    }

    @Produces
    @Singleton
    EventSerdes serdes() {
        return new RegistrySerdes(config.registry().url());
    }

    @Produces
    @Singleton
    VerdictPolicy policy() {
        ResultsConfig.Verdict verdict = config.verdict();
        ResultsConfig.PeripheralBlood blood = verdict.peripheralBlood();
        double bloodThreshold = blood.threshold().orElse(verdict.threshold());
        return new VerdictPolicy(
                SpecimenRule.marrow(verdict.threshold(), verdict.avoidBelow(), verdict.minimumCells()),
                new SpecimenRule(
                        bloodThreshold,
                        Math.min(verdict.avoidBelow(), bloodThreshold),
                        blood.minimumCells().orElse(verdict.minimumCells()),
                        blood.allClear(),
                        blood.anyBlast()),
                verdict.level(),
                verdict.modelShare(),
                verdict.refusedLimit(),
                verdict.period().orElse(null),
                new TriagePolicy(
                        config.triage().falseAlarmRate(),
                        config.triage().missRate(),
                        config.triage().minimumCells()));
    }

    @Produces
    @Singleton
    DriftPolicy drift() {
        ResultsConfig.Drift drift = config.drift();
        return new DriftPolicy(drift.attentionAt(), drift.referenceDays(), drift.leastSpecimens());
    }

    @Produces
    @Singleton
    ScannerDriftMeters driftMeters(MeterRegistry meters, ResultsQueries queries) {
        return new ScannerDriftMeters(
                meters, queries, Clock.systemUTC(), config.drift().metricInterval());
    }

    @Produces
    @Singleton
    OverdueRule overdueRule() {
        return new OverdueRule(config.accounting().overdueAfter());
    }

    @Produces
    @Singleton
    PendingWatch pendingWatch(ResultsStores stores, OverdueRule rule) {
        return new PendingWatch(
                stores, rule, Clock.systemUTC(), config.accounting().metricInterval());
    }

    @Produces
    @Singleton
    ExpiredImages expiredImages(ResultsStores stores, Commands commands) {
        return new ExpiredImages(
                stores,
                config.kafka().bootstrapServers(),
                commands::ended,
                Clock.systemUTC(),
                config.accounting().metricInterval());
    }

    void close(@Disposes ExpiredImages expired) {
        expired.close();
    }

    void close(@Disposes PendingWatch watch) {
        watch.close();
    }

    void close(@Disposes ScannerDriftMeters meters) {
        meters.close();
    }

    @Produces
    @Singleton
    SiteKey siteKey() {
        return config.audit()
                .key()
                .map(SiteKey::read)
                .orElseGet(() ->
                        SiteKey.keptAt(config.data().resolve("audit-key.pem").toAbsolutePath()));
    }

    @Produces
    @Singleton
    TopologyMeters topologyMeters(MeterRegistry meters) {
        return new TopologyMeters(meters);
    }

    @Produces
    @Singleton
    StreamsRuntime runtime(EventSerdes serdes, VerdictPolicy policy, SiteKey siteKey, TopologyMeters meters) {
        TopologySettings topology = new TopologySettings(
                policy, new AlertSettings(config).loop(), config.alert().escalationCheck(), siteKey, meters);
        StreamsSettings streams = new StreamsSettings(
                config.kafka().bootstrapServers(),
                config.data().resolve("streams").toAbsolutePath(),
                config.instance(),
                config.http().advertised(),
                config.kafka().streamThreads(),
                config.kafka().sessionTimeout(),
                config.kafka().commitInterval(),
                config.kafka().internalReplicas(),
                config.kafka().standbyReplicas(),
                limit());
        return new StreamsRuntime(ResultsTopology.build(topology, serdes), streams, serdes, meters);
    }

    @Produces
    @Singleton
    HttpInstances otherInstances() {
        return new HttpInstances(config.instances().timeout());
    }

    void close(@Disposes HttpInstances instances) {
        instances.close();
    }

    @Produces
    @Singleton
    ResultsStores stores(StreamsRuntime runtime, HttpInstances others) {
        return runtime.stores(others);
    }

    @Produces
    @Singleton
    LocalStores localStores(StreamsRuntime runtime) {
        return runtime.localStores();
    }

    @Produces
    @Singleton
    Worklist worklist() {
        return new Worklist();
    }

    @Produces
    @Singleton
    WorklistFeed worklistFeed(EventSerdes serdes, Worklist worklist) {
        return new WorklistFeed(
                config.kafka().bootstrapServers(),
                serdes.<SpecificRecord>of(Topic.PATIENT_VERDICTS).deserializer(),
                worklist);
    }

    @Produces
    @Singleton
    Commands commands(EventSerdes serdes) {
        Map<String, Object> settings = Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                config.kafka().bootstrapServers(),
                ProducerConfig.ACKS_CONFIG,
                "all",
                ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                true,
                ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                limit().maxRecordBytes(),
                ProducerConfig.MAX_BLOCK_MS_CONFIG,
                5_000,
                ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                4_000,
                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                8_000);
        // The serialiser is the same for every topic: a record brings its schema along.
        return new Commands(new KafkaProducer<String, SpecificRecord>(
                settings,
                new StringSerializer(),
                serdes.<SpecificRecord>of(Topic.CELL_REVIEWS).serializer()));
    }

    void close(@Disposes Commands commands) {
        commands.close();
    }

    @Produces
    @Singleton
    Notifications notifications(EventSerdes serdes, Commands commands, ReactiveMailer mailer) {
        ResultsConfig.Retry retry = config.notification().retry();
        return new Notifications(
                new AlertSettings(config).channels(mailer, Clock.systemUTC()),
                config.kafka().bootstrapServers(),
                config.instance(),
                config.kafka().sessionTimeout(),
                config.notification().baseUrl(),
                new RetryPolicy(retry.first(), retry.most(), retry.attempts()),
                () -> serdes.<SpecificRecord>of(Topic.HEMATOLOGY_ALERTS).deserializer(),
                commands::delivered,
                Clock.systemUTC());
    }

    @Produces
    @Singleton
    EvidenceReader evidence(EventSerdes serdes) {
        return new EvidenceReader(
                config.kafka().bootstrapServers(),
                () -> serdes.<ImageEvidence>of(Topic.IMAGE_EVIDENCE).deserializer(),
                limit(),
                config.evidence().readers(),
                config.evidence().timeout(),
                config.evidence().cacheBytes());
    }

    void close(@Disposes EvidenceReader evidence) {
        evidence.close();
    }

    @Produces
    @Singleton
    ShadowLog shadowLog(EventSerdes serdes) {
        return new ShadowLog(
                config.kafka().bootstrapServers(),
                () -> serdes.<ImageClassified>of(Topic.CELL_CLASSIFICATIONS_SHADOW)
                        .deserializer(),
                config.evidence().timeout(),
                config.shadow().mostBytes());
    }

    @Produces
    @Singleton
    ShadowComparison shadowComparison(VerdictPolicy policy) {
        return new ShadowComparison(policy);
    }

    @Produces
    @Singleton
    LiveEvents liveEvents() {
        return new LiveEvents(config.stream().remembered());
    }

    @Produces
    @Singleton
    RecentOutcomes recentOutcomes() {
        return new RecentOutcomes(Clock.systemUTC());
    }

    @Produces
    @Singleton
    LaneBacklog backlog() {
        return new LaneBacklog(config.kafka().bootstrapServers());
    }

    void close(@Disposes LaneBacklog backlog) {
        backlog.close();
    }

    @Produces
    @Singleton
    LiveFeed feed(EventSerdes serdes, LiveEvents events, RecentOutcomes outcomes) {
        return new LiveFeed(
                config.kafka().bootstrapServers(),
                serdes.<SpecificRecord>of(Topic.PATIENT_VERDICTS).deserializer(),
                events,
                outcomes);
    }

    @Produces
    @Singleton
    BrokerProbe probe() {
        return new BrokerProbe(config.kafka().bootstrapServers());
    }

    void close(@Disposes BrokerProbe probe) {
        probe.close();
    }
}
