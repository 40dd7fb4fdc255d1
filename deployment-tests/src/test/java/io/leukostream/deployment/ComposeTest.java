package io.leukostream.deployment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ComposeTest {
    private static final Path FILE = Manifests.ROOT.resolve("docker-compose.yml");
    private static final Set<String> SERVICE_FIELDS = Set.of(
            "image",
            "build",
            "environment",
            "ports",
            "volumes",
            "depends_on",
            "profiles",
            "healthcheck",
            "stop_grace_period",
            "restart",
            "read_only",
            "tmpfs",
            "cap_drop",
            "security_opt");
    private static final Set<String> OURS = Set.of("provision", "ingest", "inference", "results", "orthanc");
    private static final Set<String> WAITED_FOR = Set.of("service_healthy", "service_completed_successfully");

    @Test
    void everyServiceIsKnownHealthCheckedAndOnLoopback() throws IOException {
        // Given
        Map<String, Object> compose = map(Manifests.documents(FILE).getFirst());

        // When
        Map<String, Object> services = map(compose.get("services"));

        // Then
        assertEquals(
                Set.of("kafka", "registry", "provision", "ingest", "inference", "results", "orthanc"),
                services.keySet());
        services.forEach((name, value) -> {
            Map<String, Object> service = map(value);
            assertTrue(SERVICE_FIELDS.containsAll(service.keySet()), name + " has " + service.keySet());
            boolean endsByItself = name.equals("provision");
            assertTrue(service.containsKey("healthcheck") != endsByItself, name + " is checked or ends by itself");
            for (Object port : list(service.get("ports"))) {
                assertTrue(port.toString().matches("127\\.0\\.0\\.1:\\d+:\\d+"), name + " opens " + port);
            }
            for (String setting : map(service.get("environment")).keySet()) {
                assertTrue(known(name, setting), name + " sets " + setting);
            }
            for (Object volume : list(service.get("volumes"))) {
                String volumeName = volume.toString().split(":", 2)[0];
                assertTrue(map(compose.get("volumes")).containsKey(volumeName), name + " mounts " + volume);
            }
            map(service.get("depends_on")).forEach((other, how) -> {
                assertTrue(services.containsKey(other), name + " waits for " + other);
                Object condition = map(how).get("condition");
                assertTrue(WAITED_FOR.contains(condition), name + " waits for " + condition);
                assertEquals(
                        "service_completed_successfully".equals(condition),
                        other.equals("provision"),
                        name + " " + how);
            });
        });
    }

    @Test
    void ourContainersAreConfinedAndBuiltFromFilesThatExist() throws IOException {
        // Given
        Map<String, Object> services =
                map(map(Manifests.documents(FILE).getFirst()).get("services"));

        // When
        List<String> dockerfiles = new ArrayList<>();
        for (String name : OURS) {
            Map<String, Object> service = map(services.get(name));
            Map<String, Object> build = map(service.get("build"));
            dockerfiles.add(build.get("dockerfile").toString());
            assertEquals(true, service.get("read_only"), name);
            assertEquals(List.of("ALL"), service.get("cap_drop"), name);
            assertEquals(List.of("no-new-privileges:true"), service.get("security_opt"), name);
            if (build.get("target") != null) {
                String dockerfile = Files.readString(Manifests.ROOT.resolve(dockerfiles.getLast()));
                assertTrue(dockerfile.contains(" AS " + build.get("target") + "\n"), name + " builds a stage");
                assertEquals(build.get("target"), map(build.get("args")).get("SERVICE"), name);
            }
        }

        // Then
        for (String dockerfile : dockerfiles) {
            assertTrue(Files.isRegularFile(Manifests.ROOT.resolve(dockerfile)), dockerfile);
        }
    }

    @Test
    void theDockerfilesCopyWhatTheModulesMakeAndRunAsNobody() throws IOException {
        // Given
        List<Path> dockerfiles;
        try (Stream<Path> files = Files.list(Manifests.ROOT.resolve("docker"))) {
            dockerfiles = files.filter(file -> file.toString().endsWith(".Dockerfile"))
                    .toList();
        }

        // When
        Set<String> copied = new HashSet<>();
        for (Path dockerfile : dockerfiles) {
            String text = Files.readString(dockerfile);
            Matcher copy = Pattern.compile("(?m)^COPY (\\S+) ").matcher(text);
            while (copy.find()) {
                copied.add(copy.group(1));
            }
            assertTrue(text.contains("\nUSER 10001:10001\n"), dockerfile + " runs as nobody in particular");
            boolean isJava = !dockerfile.endsWith("orthanc.Dockerfile");
            assertTrue(text.contains("ARG BASE=eclipse-temurin:25-jre\n") == isJava, dockerfile + " runs on Java 25");
        }

        // Then
        assertEquals(
                Set.of(
                        "${SERVICE}/target/quarkus-app/",
                        "inference-service/models/",
                        "docker/orthanc.json",
                        "embedded/target/libraries/",
                        "embedded/target/embedded-*.jar"),
                copied);
        for (String module : List.of("ingest-service", "inference-service", "results-service", "embedded")) {
            assertTrue(Files.isRegularFile(Manifests.ROOT.resolve(module).resolve("pom.xml")), module);
        }
        assertTrue(Files.isRegularFile(Manifests.ROOT.resolve("docker/orthanc.json")));
        assertNotNull(Files.readString(Manifests.ROOT.resolve(".dockerignore")));
        assertTrue(Files.isRegularFile(
                Manifests.ROOT.resolve("inference-service/models/leukostream-cells/2.4.0/model.json")));
        assertTrue(Files.isRegularFile(
                Manifests.ROOT.resolve("embedded/src/main/java/io/leukostream/embedded/ProvisionMain.java")));
    }

    private static boolean known(String service, String setting) {
        return switch (service) {
            case "kafka" -> setting.startsWith("KAFKA_");
            case "registry" -> setting.startsWith("APICURIO_");
            case "orthanc" -> setting.startsWith("ORTHANC_");
            default -> Settings.KNOWN.contains(setting);
        };
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Object value) {
        return value == null ? Map.of() : (Map<String, Object>) value;
    }

    private static List<?> list(Object value) {
        return value == null ? List.of() : (List<?>) value;
    }
}
