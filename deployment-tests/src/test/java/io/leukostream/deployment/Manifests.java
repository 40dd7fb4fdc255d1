package io.leukostream.deployment;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.AnnotatedMember;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;

/** Reads YAML strictly: a key that stands twice, a field that the Kubernetes model does not know, an unknown kind fail. */
final class Manifests {
    static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    /** A topic as Strimzi's operator reads it. */
    record KafkaTopic(String apiVersion, String kind, ObjectMeta metadata, Spec spec) {
        record Spec(String topicName, int partitions, int replicas, Map<String, String> config) {}
    }

    private static final Map<String, Class<?>> KINDS = Map.of(
            "v1 ConfigMap", ConfigMap.class,
            "v1 Service", Service.class,
            "apps/v1 Deployment", Deployment.class,
            "apps/v1 StatefulSet", StatefulSet.class,
            "batch/v1 Job", Job.class,
            "networking.k8s.io/v1 NetworkPolicy", NetworkPolicy.class,
            "policy/v1 PodDisruptionBudget", PodDisruptionBudget.class,
            "kafka.strimzi.io/v1 KafkaTopic", KafkaTopic.class);

    /** The model puts unknown fields into a map instead of refusing them; here it may not. */
    private static final ObjectMapper STRICT = JsonMapper.builder()
            .annotationIntrospector(new JacksonAnnotationIntrospector() {
                private static final long serialVersionUID = 1;

                @Override
                public Boolean hasAnySetter(com.fasterxml.jackson.databind.introspect.Annotated member) {
                    return Boolean.FALSE;
                }

                @Override
                public Boolean hasAnyGetter(com.fasterxml.jackson.databind.introspect.Annotated member) {
                    return Boolean.FALSE;
                }

                @Override
                public boolean hasIgnoreMarker(AnnotatedMember member) {
                    return member.getName().equals("additionalProperties")
                            || member.getName().equals("getAdditionalProperties")
                            || member.getName().equals("setAdditionalProperties")
                            || super.hasIgnoreMarker(member);
                }
            })
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private Manifests() {}

    /** The documents of a file as plain maps and lists. */
    static List<Object> documents(Path file) throws IOException {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        List<Object> documents = new ArrayList<>();
        try (Reader reader = Files.newBufferedReader(file)) {
            new Yaml(options).loadAll(reader).forEach(documents::add);
        }
        return documents;
    }

    /**
     * The documents of a file as objects of the Kubernetes model.
     *
     * @throws IllegalArgumentException if a document does not fit
     */
    static List<Object> objects(Path file) throws IOException {
        List<Object> objects = new ArrayList<>();
        for (Object document : documents(file)) {
            objects.add(object(document));
        }
        return objects;
    }

    static Object object(Object document) {
        if (!(document instanceof Map<?, ?> map)) {
            throw new IllegalArgumentException("a document must be a map, not " + document);
        }
        String kind = map.get("apiVersion") + " " + map.get("kind");
        Class<?> type = KINDS.get(kind);
        if (type == null) {
            throw new IllegalArgumentException("unexpected kind " + kind);
        }
        return STRICT.convertValue(map, type);
    }

    static String name(Object object) {
        return switch (object) {
            case HasMetadata known ->
                known.getKind() + " " + known.getMetadata().getName();
            case KafkaTopic topic -> topic.kind() + " " + topic.metadata().getName();
            default -> throw new IllegalArgumentException("has no name: " + object);
        };
    }
}
