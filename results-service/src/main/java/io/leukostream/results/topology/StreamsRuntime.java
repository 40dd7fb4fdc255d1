package io.leukostream.results.topology;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.Topology;
import org.jboss.logging.Logger;

/**
 * Runs the topology: waits until the deployment has made the topics, starts, replaces a thread that
 * ended, and closes without leaving the group, so that the same instance comes back to its own work.
 */
public final class StreamsRuntime implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(StreamsRuntime.class);
    private static final Duration BETWEEN_TRIES = Duration.ofSeconds(1);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

    private final KafkaStreams streams;
    private final StoreSerdes serdes;
    private final StoreOwners owners;
    private final LocalStores local;
    private final Set<String> topics;
    private final String bootstrapServers;
    private final Thread starter;
    private volatile boolean closed;
    private volatile boolean startFailed;

    /**
     * Makes a topology ready to {@linkplain #start start}.
     *
     * @param events what its stores were built with
     * @param observer who is told of records that it passes over
     */
    public StreamsRuntime(Topology topology, StreamsSettings settings, EventSerdes events, TopologyObserver observer) {
        this.streams = new KafkaStreams(topology, settings.properties(observer));
        this.serdes = new StoreSerdes(events);
        this.owners = new StoreOwners(streams, settings.applicationServer());
        this.local = new LocalStores(streams, owners, serdes);
        this.bootstrapServers = settings.bootstrapServers();
        this.topics = sourceTopics(topology);
        this.starter = Thread.ofVirtual().name("start-topology").unstarted(this::startWhenTopicsAreThere);
        streams.setUncaughtExceptionHandler(new ThreadReplacement(BETWEEN_TRIES));
        streams.setStateListener((now, before) -> LOG.infof("The topology is %s, was %s", now, before));
    }

    private static Set<String> sourceTopics(Topology topology) {
        Set<String> sources = new HashSet<>();
        topology.describe()
                .subtopologies()
                .forEach(part -> part.nodes().forEach(node -> {
                    if (node instanceof org.apache.kafka.streams.TopologyDescription.Source source
                            && source.topicSet() != null) {
                        sources.addAll(source.topicSet());
                    }
                }));
        // The re-keyed streams are Streams' own and made by it.
        sources.remove("by-patient-repartition");
        return sources;
    }

    /** Starts as soon as the topics exist; returns at once. */
    public void start() {
        starter.start();
    }

    private void startWhenTopicsAreThere() {
        try (Admin admin = Admin.create(java.util.Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                AdminClientConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG,
                (int) BETWEEN_TRIES.toMillis()))) {
            while (!closed && !topicsExist(admin)) {
                Thread.sleep(BETWEEN_TRIES);
            }
            if (!closed) {
                streams.start();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            startFailed = true;
            LOG.error("The topology cannot start", e);
        }
    }

    private boolean topicsExist(Admin admin) throws InterruptedException {
        try {
            return admin.listTopics()
                    .names()
                    .get(BETWEEN_TRIES.toMillis() * 5, TimeUnit.MILLISECONDS)
                    .containsAll(topics);
        } catch (ExecutionException | TimeoutException e) {
            LOG.debugf("The broker does not answer yet: %s", e.getMessage());
            return false;
        }
    }

    /** The questions that are asked of the stores of all instances. */
    public ResultsStores stores(OtherInstances others) {
        return new ResultsStores(owners, local, others, serdes);
    }

    /** The stores of this instance, for the others' questions. */
    public LocalStores localStores() {
        return local;
    }

    /** Whether everything can be asked and evidence is being taken in. */
    public boolean running() {
        return streams.state() == KafkaStreams.State.RUNNING;
    }

    /** Whether only a new process helps. */
    public boolean dead() {
        return startFailed || (!closed && streams.state().hasCompletedShutdown());
    }

    /** The state's name, for a person. */
    public String state() {
        return streams.state().name();
    }

    @Override
    public void close() {
        closed = true;
        starter.interrupt();
        streams.close(CLOSE_TIMEOUT);
    }
}
