package io.leukostream.deployment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.leukostream.schemas.ImageLimit;
import io.leukostream.schemas.Topic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class KubernetesTest {
    private static final Path K8S = Manifests.ROOT.resolve("k8s");
    private static final String KUSTOMIZATION = "kustomization.yaml";
    private static final Set<String> KUSTOMIZATION_FIELDS =
            Set.of("apiVersion", "kind", "resources", "patches", "images");

    @Test
    void everyManifestFitsTheModelWithoutUnknownFields() throws IOException {
        // Given
        List<Path> manifests = yamlFiles(K8S).stream()
                .filter(file -> !file.endsWith(KUSTOMIZATION))
                .toList();

        // When
        List<Object> objects = new ArrayList<>();
        for (Path manifest : manifests) {
            objects.addAll(Manifests.objects(manifest));
        }

        // Then
        assertTrue(objects.size() >= 30, "objects: " + objects.size());
        List<String> names = base().stream().map(Manifests::name).toList();
        assertEquals(Set.copyOf(names).size(), names.size(), "a name stands twice in " + names);
    }

    @Test
    void aMisspeltFieldIsRefused() throws IOException {
        // Given
        Map<String, Object> misspelt = Map.of(
                "apiVersion", "apps/v1",
                "kind", "Deployment",
                "spec",
                        Map.of(
                                "template",
                                Map.of(
                                        "spec",
                                        Map.of(
                                                "containers",
                                                List.of(Map.of("name", "a", "readynessProbe", Map.of()))))));

        // When
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> Manifests.object(misspelt));

        // Then
        assertTrue(refused.getMessage().contains("readynessProbe"), refused.getMessage());
    }

    @Test
    void kustomizationsNameWhatIsThereAndLeaveNothingOut() throws IOException {
        // Given
        List<Path> kustomizations = yamlFiles(K8S).stream()
                .filter(file -> file.endsWith(KUSTOMIZATION))
                .toList();

        // When
        Set<Path> named = new TreeSet<>();
        for (Path kustomization : kustomizations) {
            Map<?, ?> fields = (Map<?, ?>) Manifests.documents(kustomization).getFirst();
            assertTrue(KUSTOMIZATION_FIELDS.containsAll(fields.keySet()), kustomization + " has " + fields.keySet());
            for (String reference : references(fields)) {
                Path file = kustomization.resolveSibling(reference).normalize();
                named.add(Files.isDirectory(file) ? file.resolve(KUSTOMIZATION) : file);
            }
        }

        // Then
        assertEquals(3, kustomizations.size());
        for (Path file : named) {
            assertTrue(Files.isRegularFile(file), file + " is named and missing");
        }
        for (Path file : yamlFiles(K8S.resolve("base"))) {
            assertTrue(
                    named.contains(file) || file.equals(K8S.resolve("base").resolve(KUSTOMIZATION)),
                    file + " is in no kustomization");
        }
    }

    @Test
    void theTopicsAreThoseOfTheCode() throws IOException {
        // Given
        Map<String, Topic> expected =
                Stream.of(Topic.values()).collect(Collectors.toMap(Topic::topicName, topic -> topic));

        // When
        Map<String, Manifests.KafkaTopic> found = new HashMap<>();
        for (Object object : base()) {
            if (object instanceof Manifests.KafkaTopic topic) {
                found.put(topic.spec().topicName(), topic);
            }
        }

        // Then
        assertEquals(expected.keySet(), found.keySet());
        found.forEach((name, topic) -> {
            assertEquals(expected.get(name).partitions(), topic.spec().partitions(), name);
            assertEquals(
                    expected.get(name).settings(ImageLimit.DEFAULT),
                    topic.spec().config(),
                    name);
            assertEquals(3, topic.spec().replicas(), name);
            assertEquals("leukostream", topic.metadata().getLabels().get("strimzi.io/cluster"), name);
            assertEquals(name, topic.metadata().getName());
        });
    }

    @Test
    void whatIsReferredToExists() throws IOException {
        // Given
        List<Object> objects = base();
        Set<String> configMaps = named(objects, ConfigMap.class);

        // When
        Map<String, PodTemplateSpec> pods = pods(objects);

        // Then
        assertEquals(Set.of("ingest", "inference", "results", "provision"), pods.keySet());
        pods.forEach((name, pod) -> {
            Container container = pod.getSpec().getContainers().getFirst();
            container
                    .getEnvFrom()
                    .forEach(from -> assertTrue(
                            configMaps.contains(from.getConfigMapRef().getName()), name));
            Set<String> volumes = pod.getSpec().getVolumes().stream()
                    .map(Volume::getName)
                    .collect(Collectors.toCollection(TreeSet::new));
            volumes.addAll(claims(objects, name));
            assertEquals(
                    volumes,
                    container.getVolumeMounts().stream()
                            .map(VolumeMount::getName)
                            .collect(Collectors.toCollection(TreeSet::new)),
                    name);
        });
        for (Object object : objects) {
            switch (object) {
                case Service service -> {
                    PodTemplateSpec pod = selected(pods, service.getSpec().getSelector());
                    String target = service.getSpec()
                            .getPorts()
                            .getFirst()
                            .getTargetPort()
                            .getStrVal();
                    ContainerPort port =
                            pod.getSpec().getContainers().getFirst().getPorts().getFirst();
                    assertEquals(port.getName(), target);
                    assertEquals(
                            port.getContainerPort(),
                            service.getSpec().getPorts().getFirst().getPort());
                }
                case PodDisruptionBudget budget ->
                    assertNotNull(selected(pods, budget.getSpec().getSelector().getMatchLabels()));
                case NetworkPolicy policy ->
                    assertTrue(
                            pods.values().stream()
                                    .anyMatch(pod -> carries(
                                            pod,
                                            policy.getSpec().getPodSelector().getMatchLabels())),
                            Manifests.name(policy));
                case Deployment deployment ->
                    assertTrue(carries(
                            deployment.getSpec().getTemplate(),
                            deployment.getSpec().getSelector().getMatchLabels()));
                case StatefulSet set -> {
                    assertTrue(carries(
                            set.getSpec().getTemplate(),
                            set.getSpec().getSelector().getMatchLabels()));
                    assertTrue(
                            named(objects, Service.class).contains(set.getSpec().getServiceName()));
                }
                default -> {}
            }
        }
        assertEquals(Set.of("ingest", "inference", "results"), named(objects, PodDisruptionBudget.class));
    }

    @Test
    void everyPodIsConfinedAndEveryServiceProbed() throws IOException {
        // Given
        Map<String, PodTemplateSpec> pods = pods(base());

        // When
        Map<String, Container> containers = new HashMap<>();
        pods.forEach((name, pod) ->
                containers.put(name, pod.getSpec().getContainers().getFirst()));

        // Then
        containers.forEach((name, container) -> {
            assertTrue(pods.get(name).getSpec().getSecurityContext().getRunAsNonRoot(), name);
            assertEquals(10001L, pods.get(name).getSpec().getSecurityContext().getRunAsUser(), name);
            assertFalse(pods.get(name).getSpec().getAutomountServiceAccountToken(), name);
            assertTrue(container.getSecurityContext().getReadOnlyRootFilesystem(), name);
            assertFalse(container.getSecurityContext().getAllowPrivilegeEscalation(), name);
            assertEquals(
                    List.of("ALL"),
                    container.getSecurityContext().getCapabilities().getDrop(),
                    name);
            assertTrue(container.getResources().getLimits().containsKey("memory"), name);
            assertTrue(container.getResources().getRequests().containsKey("cpu"), name);
            container
                    .getEnv()
                    .forEach(env -> assertTrue(
                            env.getName().startsWith("QUARKUS_DATASOURCE_") || Settings.KNOWN.contains(env.getName()),
                            name + " sets " + env.getName()));
            if (!name.equals("provision")) {
                assertEquals(
                        "/q/health/ready",
                        container.getStartupProbe().getHttpGet().getPath());
                assertEquals(
                        "/q/health/ready",
                        container.getReadinessProbe().getHttpGet().getPath());
                assertEquals(
                        "/q/health/live",
                        container.getLivenessProbe().getHttpGet().getPath());
            }
        });
        for (Object object : base()) {
            if (object instanceof ConfigMap map) {
                assertTrue(
                        Settings.KNOWN.containsAll(map.getData().keySet()),
                        map.getData().keySet() + "");
                assertEquals(
                        Integer.toString(ImageLimit.DEFAULT.imageBytes()),
                        map.getData().get("LEUKOSTREAM_IMAGE_MAX_BYTES"));
            }
        }
    }

    @Test
    void whoMayAskFromOtherNamespacesMayUseTheNamesThatTheyHave() throws IOException {
        // Given: network policies let scanners and readers of other namespaces in
        Map<String, PodTemplateSpec> pods = pods(base());

        for (String service : List.of("ingest", "results")) {
            // When
            List<EnvVar> env =
                    pods.get(service).getSpec().getContainers().getFirst().getEnv();
            List<String> names = env.stream().map(EnvVar::getName).toList();
            List<String> allowed = env.stream()
                    .filter(each -> each.getName().equals("LEUKOSTREAM_HTTP_ALLOWED_HOSTS"))
                    .flatMap(each -> Stream.of(each.getValue().split(",")))
                    .toList();

            // Then: what a value refers to stands before it
            String own = service + ".$(POD_NAMESPACE)";
            assertEquals(List.of(service, own, own + ".svc", own + ".svc.cluster.local"), allowed);
            assertTrue(names.indexOf("POD_NAMESPACE") < names.indexOf("LEUKOSTREAM_HTTP_ALLOWED_HOSTS"), service);
            assertTrue(names.contains("POD_NAMESPACE"), service);
        }
    }

    @Test
    void theGpuOverlayPutsInferenceOnAGpu() throws IOException {
        // Given
        Set<String> base = base().stream().map(Manifests::name).collect(Collectors.toSet());

        // When
        Deployment patch = (Deployment)
                Manifests.objects(K8S.resolve("overlays/gpu/inference.yaml")).getFirst();

        // Then
        assertTrue(base.contains(Manifests.name(patch)), "patches nothing");
        Container container =
                patch.getSpec().getTemplate().getSpec().getContainers().getFirst();
        assertTrue(
                pods(base()).get("inference").getSpec().getContainers().stream()
                        .anyMatch(known -> known.getName().equals(container.getName())),
                "patches no container");
        assertEquals(
                "1", container.getResources().getLimits().get("nvidia.com/gpu").getAmount());
        assertEquals(
                "1",
                container.getResources().getRequests().get("nvidia.com/gpu").getAmount());
        assertEquals("LEUKOSTREAM_MODEL_PROVIDER", container.getEnv().getFirst().getName());
        assertEquals("cuda", container.getEnv().getFirst().getValue());
        assertEquals(
                Map.of("nvidia.com/gpu.present", "true"),
                patch.getSpec().getTemplate().getSpec().getNodeSelector());
        assertEquals(
                "nvidia.com/gpu",
                patch.getSpec()
                        .getTemplate()
                        .getSpec()
                        .getTolerations()
                        .getFirst()
                        .getKey());
    }

    private static List<Object> base() throws IOException {
        List<Object> objects = new ArrayList<>();
        for (Path file : yamlFiles(K8S.resolve("base"))) {
            if (!file.endsWith(KUSTOMIZATION)) {
                objects.addAll(Manifests.objects(file));
            }
        }
        return objects;
    }

    private static List<Path> yamlFiles(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().matches(".*\\.ya?ml")).toList();
        }
    }

    private static List<String> references(Map<?, ?> kustomization) {
        List<String> references = new ArrayList<>();
        for (Object resource : (List<?>) kustomization.get("resources")) {
            references.add(resource.toString());
        }
        if (kustomization.get("patches") instanceof List<?> patches) {
            patches.forEach(
                    patch -> references.add(((Map<?, ?>) patch).get("path").toString()));
        }
        return references;
    }

    private static Map<String, PodTemplateSpec> pods(List<Object> objects) {
        Map<String, PodTemplateSpec> pods = new HashMap<>();
        for (Object object : objects) {
            switch (object) {
                case Deployment deployment ->
                    pods.put(
                            deployment.getMetadata().getName(),
                            deployment.getSpec().getTemplate());
                case StatefulSet set ->
                    pods.put(set.getMetadata().getName(), set.getSpec().getTemplate());
                case Job job ->
                    pods.put(job.getMetadata().getName(), job.getSpec().getTemplate());
                default -> {}
            }
        }
        return pods;
    }

    private static Set<String> claims(List<Object> objects, String name) {
        return objects.stream()
                .filter(object -> object instanceof StatefulSet set
                        && set.getMetadata().getName().equals(name))
                .flatMap(object -> ((StatefulSet) object).getSpec().getVolumeClaimTemplates().stream())
                .map((PersistentVolumeClaim claim) -> claim.getMetadata().getName())
                .collect(Collectors.toSet());
    }

    private static Set<String> named(List<Object> objects, Class<? extends HasMetadata> type) {
        return objects.stream()
                .filter(type::isInstance)
                .map(object -> type.cast(object).getMetadata().getName())
                .collect(Collectors.toSet());
    }

    private static PodTemplateSpec selected(Map<String, PodTemplateSpec> pods, Map<String, String> labels) {
        List<PodTemplateSpec> selected =
                pods.values().stream().filter(pod -> carries(pod, labels)).toList();
        assertEquals(1, selected.size(), labels + " selects one workload");
        return selected.getFirst();
    }

    private static boolean carries(PodTemplateSpec pod, Map<String, String> labels) {
        return pod.getMetadata().getLabels().entrySet().containsAll(labels.entrySet());
    }
}
