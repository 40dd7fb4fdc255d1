package io.leukostream.schemas;

import com.microsoft.kiota.ApiException;
import io.apicurio.registry.resolver.DefaultSchemaResolver;
import io.apicurio.registry.resolver.ParsedSchema;
import io.apicurio.registry.resolver.ParsedSchemaImpl;
import io.apicurio.registry.resolver.SchemaLookupResult;
import io.apicurio.registry.resolver.SchemaParser;
import io.apicurio.registry.resolver.client.RegistryVersionCoordinates;
import io.apicurio.registry.resolver.data.Record;
import io.apicurio.registry.resolver.strategy.ArtifactReference;
import io.apicurio.registry.serde.avro.AvroSchemaParser;
import io.apicurio.registry.serde.avro.DefaultAvroDatumProvider;
import io.apicurio.registry.serde.data.SerdeMetadata;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericContainer;
import org.jspecify.annotations.Nullable;

/**
 * Finds schemas and their ids in the registry, and keeps each for as long as the process lives: an id never means another
 * schema. All serdes of a process share what one of them found, and the schemas of this version are asked for as soon as the
 * first serde is made. From then on the registry is needed for ids that nobody here has seen, and for nothing else.
 *
 * <p>A registry that does not answer, or not yet holds what it held before, is no fault of a record:
 * {@link RegistryUnavailableException}. An id that a registry does not know which does know all ids kept here is the
 * record's fault: any other exception.
 */
public final class KeptSchemas<S, T> extends DefaultSchemaResolver<S, T> {
    private static final System.Logger LOG = System.getLogger(KeptSchemas.class.getName());
    private static final ConcurrentMap<String, Kept> OF_REGISTRIES = new ConcurrentHashMap<>();
    private static final long BETWEEN_TRIES_MILLIS = 1_000;
    private static final long PATIENCE_MILLIS = 2_000;
    private static final long UNKNOWN_FOR_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final int MOST_UNKNOWN = 1_000;
    private static final int NOT_FOUND = 404;

    /** What a process knows of one registry. */
    private static final class Kept {
        private final ConcurrentMap<Long, SchemaLookupResult<?>> byContentId = new ConcurrentHashMap<>();
        private final ConcurrentMap<Written, SchemaLookupResult<?>> written = new ConcurrentHashMap<>();
        /** Ids that a whole registry did not know, with when it said so: many records may bear the same. */
        private final ConcurrentMap<Long, Long> unknown = new ConcurrentHashMap<>();

        private final CountDownLatch complete = new CountDownLatch(1);
        private boolean asking;

        boolean isComplete() {
            return complete.getCount() == 0;
        }

        void keep(SchemaLookupResult<?> found) {
            byContentId.putIfAbsent(found.getContentId(), found);
        }

        /** Whether who asks is to begin: nobody is at it, and not all is known. */
        synchronized boolean begins() {
            boolean begins = !asking && !isComplete();
            asking |= begins;
            return begins;
        }

        synchronized void asksNoMore() {
            asking = false;
        }
    }

    /** A schema as it is written to a topic. */
    private record Written(String topic, Schema schema) {}

    private @Nullable Kept kept;
    private volatile boolean closed;

    /** Made by the serdes, by its name in {@link WireFormat#settings}. */
    public KeptSchemas() {}

    /**
     * Whether the ids of this version's schemas are known; waits a moment where they are being asked for.
     *
     * @param registryUrl that of the settings
     */
    public static boolean areComplete(String registryUrl) {
        Kept kept = OF_REGISTRIES.get(registryUrl);
        try {
            return kept != null && kept.complete.await(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Schemas of records that are read without a serde. */
    public static KeptSchemas<Schema, Object> of(String registryUrl) {
        KeptSchemas<Schema, Object> schemas = new KeptSchemas<>();
        schemas.configure(WireFormat.settings(registryUrl), new AvroSchemaParser<>(new DefaultAvroDatumProvider<>()));
        return schemas;
    }

    /**
     * The schema of an id.
     *
     * @throws RegistryUnavailableException if the registry does not tell
     * @throws RuntimeException any other, if nothing that a record could be written by has this id
     */
    public S schema(long contentId) {
        try (Deadline _ = new Deadline(WireFormat.LONGEST_QUESTION)) {
            return resolveSchemaByArtifactReference(ArtifactReference.fromContentId(contentId))
                    .getParsedSchema()
                    .getParsedSchema();
        }
    }

    @Override
    public void configure(Map<String, ?> settings, SchemaParser<S, T> parser) {
        super.configure(settings, parser);
        Kept shared =
                OF_REGISTRIES.computeIfAbsent(String.valueOf(settings.get("apicurio.registry.url")), _ -> new Kept());
        kept = shared;
        if (shared.begins()) {
            Thread.ofVirtual().name("resolve-schemas").start(() -> resolveAll(shared));
        }
    }

    private Kept kept() {
        Kept known = kept;
        if (known == null) {
            throw new IllegalStateException("not configured");
        }
        return known;
    }

    /** Asks for the ids of this version's schemas until the registry has told them. */
    private void resolveAll(Kept shared) {
        try {
            while (!shared.isComplete() && !closed) {
                try {
                    for (Topic topic : Topic.values()) {
                        resolve(shared, topic);
                    }
                    shared.complete.countDown();
                } catch (RuntimeException e) {
                    LOG.log(System.Logger.Level.DEBUG, "The registry does not tell the schemas' ids yet", e);
                    Thread.sleep(BETWEEN_TRIES_MILLIS);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            shared.asksNoMore();
        }
    }

    @Override
    public void close() {
        closed = true;
        try {
            super.close();
        } catch (IOException e) {
            throw new UncheckedIOException("the client of the registry cannot be closed", e);
        }
    }

    @SuppressWarnings("unchecked") // S is Avro's schema: the settings belong to Avro's serdes alone.
    private void resolve(Kept shared, Topic topic) {
        String text = topic.valueSchema().toString();
        try (Deadline _ = new Deadline(WireFormat.LONGEST_QUESTION)) {
            List<RegistryVersionCoordinates> versions = clientFacade.searchVersionsByContent(
                    text,
                    schemaParser.artifactType(),
                    ArtifactReference.builder()
                            .groupId("default")
                            .artifactId(topic.subject())
                            .build(),
                    true);
            if (versions.isEmpty()) {
                LOG.log(
                        System.Logger.Level.INFO,
                        "The registry holds no schema of {0}: who writes it first registers it",
                        topic);
                return;
            }
            ParsedSchema<S> parsed = new ParsedSchemaImpl<S>()
                    .setParsedSchema((S) topic.valueSchema())
                    .setRawSchema(text.getBytes(StandardCharsets.UTF_8));
            SchemaLookupResult<S> found = loadFromVersionCoordinates(versions.getFirst(), parsed);
            shared.keep(found);
            shared.written.putIfAbsent(new Written(topic.topicName(), topic.valueSchema()), found);
        }
    }

    @Override
    @SuppressWarnings("unchecked") // What was kept was found by a resolver of the same kind.
    public SchemaLookupResult<S> resolveSchema(Record<T> record) {
        if (!(record.payload() instanceof GenericContainer avro)
                || !(record.metadata() instanceof SerdeMetadata metadata)) {
            return asked(() -> super.resolveSchema(record));
        }
        Written key = new Written(metadata.getTopic(), avro.getSchema());
        SchemaLookupResult<?> known = kept().written.get(key);
        if (known == null) {
            known = asked(() -> super.resolveSchema(record));
            kept().written.put(key, known);
            kept().keep(known);
        }
        return (SchemaLookupResult<S>) known;
    }

    @Override
    @SuppressWarnings("unchecked") // As above.
    public SchemaLookupResult<S> resolveSchemaByArtifactReference(ArtifactReference reference) {
        Long contentId = reference.getContentId();
        SchemaLookupResult<?> known =
                contentId == null ? null : kept().byContentId.get(contentId);
        if (known == null) {
            if (contentId != null && isUnknown(contentId)) {
                throw new IllegalArgumentException("the registry knows no schema of the id " + contentId);
            }
            known = asked(() -> super.resolveSchemaByArtifactReference(reference));
            kept().keep(known);
        }
        return (SchemaLookupResult<S>) known;
    }

    private boolean isUnknown(Long contentId) {
        Long since = kept().unknown.get(contentId);
        if (since != null && System.nanoTime() - since < UNKNOWN_FOR_NANOS) {
            return true;
        }
        try {
            clientFacade.getSchemaByContentId(contentId);
            return false;
        } catch (RuntimeException e) {
            if (!isNotFound(e) || !isWhole()) {
                throw new RegistryUnavailableException("The registry does not tell a schema: " + e.getMessage(), e);
            }
            if (kept().unknown.size() >= MOST_UNKNOWN) {
                kept().unknown.clear();
            }
            kept().unknown.put(contentId, System.nanoTime());
            return true;
        }
    }

    private SchemaLookupResult<S> asked(Supplier<SchemaLookupResult<S>> question) {
        try {
            return question.get();
        } catch (RuntimeException e) {
            if (isNoSchema(e)) {
                throw e;
            }
            throw new RegistryUnavailableException("The registry does not tell a schema: " + e.getMessage(), e);
        }
    }

    /** Whether what is registered is no Avro schema: no time mends that. */
    private static boolean isNoSchema(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof AvroRuntimeException) {
                return true;
            }
        }
        return false;
    }

    private static boolean isNotFound(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ApiException answer && answer.getResponseStatusCode() == NOT_FOUND) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether the registry holds this version's schemas, and under each id that is kept here what it held: one that was emptied
     * or set back does not, and a process that starts beside such a one has kept nothing to tell it by.
     */
    private boolean isWhole() {
        if (!kept().isComplete()) {
            return false;
        }
        try {
            for (Topic topic : Topic.values()) {
                if (!isKept(topic)) {
                    resolve(kept(), topic);
                }
                if (!isKept(topic)) {
                    LOG.log(System.Logger.Level.WARNING, "The registry does not hold the schema of {0}", topic);
                    return false;
                }
            }
            for (Map.Entry<Long, SchemaLookupResult<?>> each :
                    kept().byContentId.entrySet()) {
                if (!isHeldAsKept(each.getKey(), each.getValue())) {
                    LOG.log(
                            System.Logger.Level.WARNING,
                            "The registry holds another schema of the id {0}",
                            each.getKey());
                    return false;
                }
            }
            return true;
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "The registry does not hold a schema that it held: " + e.getMessage());
            return false;
        }
    }

    private boolean isKept(Topic topic) {
        return kept().written.containsKey(new Written(topic.topicName(), topic.valueSchema()));
    }

    private boolean isHeldAsKept(Long contentId, SchemaLookupResult<?> known) {
        S held = schemaParser.parseSchema(
                String.valueOf(clientFacade.getSchemaByContentId(contentId)).getBytes(StandardCharsets.UTF_8),
                Map.of());
        return held.equals(known.getParsedSchema().getParsedSchema());
    }
}
