package io.leukostream.standalone.supervisor;

import io.leukostream.embedded.BrokerMain;
import io.leukostream.embedded.EmbeddedRegistry;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * Where the built parts lie, and how each is run.
 *
 * @param home the folder that holds the {@code leukostream} script
 */
public record Installation(Path home) {
    private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");
    private static final String ONLY = "LEUKOSTREAM_ONLY_";

    public Installation {
        home = home.toAbsolutePath().normalize();
    }

    /**
     * The installation that this process was started from, named by the system property {@code leukostream.home}.
     *
     * @throws IllegalStateException if it is not set or not built
     */
    public static Installation current() {
        String home = System.getProperty("leukostream.home");
        if (home == null) {
            throw new IllegalStateException("start this with the leukostream script, which says where it lies");
        }
        Installation installation = new Installation(Path.of(home));
        for (Path part : List.of(
                installation.agent(),
                installation.registryHome().resolve("quarkus-run.jar"),
                installation.service(Component.INGEST),
                installation.service(Component.INFERENCE),
                installation.service(Component.RESULTS))) {
            if (!Files.isRegularFile(part)) {
                throw new IllegalStateException("not built: " + part + " is missing; run ./mvnw package -DskipTests");
            }
        }
        return installation;
    }

    /** Leukostream's own version. */
    public static String version() {
        return buildProperties().getProperty("version");
    }

    /** The version of what a component runs. */
    public static String version(Component component) {
        return switch (component) {
            case BROKER -> buildProperties().getProperty("kafka.version");
            case REGISTRY -> buildProperties().getProperty("registry.version");
            case INGEST, INFERENCE, RESULTS -> version();
        };
    }

    /** The bundle that inference loads unless the configuration names another. */
    public Path defaultModel() {
        return home.resolve("inference-service/models/leukostream-cells/2.4.0");
    }

    /** The command that runs a component as a child of this process. */
    List<String> command(Component component, Deployment deployment) {
        List<String> options = new ArrayList<>();
        options.add("-javaagent:" + agent() + "=" + component.orphanDelay().toMillis());
        options.add("--enable-native-access=ALL-UNNAMED");
        options.add("--sun-misc-unsafe-memory-access=allow");
        options.add("-XX:+ExitOnOutOfMemoryError");
        // Libraries unpack their native code there; a process that is killed leaves it, and the next start clears it.
        options.add("-Djava.io.tmpdir=" + deployment.temporary(component));
        options.addAll(
                switch (component) {
                    case BROKER -> List.of("-Xmx512m", "-XX:+UseSerialGC");
                    case REGISTRY -> EmbeddedRegistry.JVM_OPTIONS;
                    case INGEST -> List.of("-Xmx512m", "-XX:+UseSerialGC");
                    case INFERENCE -> List.of("-Xmx768m", "-XX:+UseSerialGC");
                    case RESULTS -> List.of("-Xmx768m", "-XX:+UseSerialGC");
                });
        if (component == Component.REGISTRY) {
            return EmbeddedRegistry.command(JAVA, registryHome(), options);
        }
        List<String> command = new ArrayList<>();
        command.add(JAVA.toString());
        command.addAll(options);
        if (component == Component.BROKER) {
            command.add("-cp");
            command.add(System.getProperty("java.class.path"));
            command.add(BrokerMain.class.getName());
            command.add(deployment.folder(Component.BROKER).toString());
            command.add(Integer.toString(deployment.port(Component.BROKER)));
            command.add(Integer.toString(deployment.limit().imageBytes()));
        } else {
            command.add("-jar");
            command.add(service(component).toString());
        }
        return command;
    }

    /** The command that runs a program of the results service's own libraries, without the service. */
    List<String> resultsProgram(String mainClass, List<String> arguments) {
        Path application = service(Component.RESULTS).resolveSibling("app");
        Path libraries = service(Component.RESULTS).resolveSibling("lib").resolve("main");
        List<String> command = new ArrayList<>(List.of(
                JAVA.toString(),
                "-javaagent:" + agent() + "=0",
                "-Xmx512m",
                "-cp",
                application.resolve("*") + File.pathSeparator + libraries.resolve("*"),
                mainClass));
        command.addAll(arguments);
        return command;
    }

    /**
     * What a component's environment holds beyond this process's own. {@code LEUKOSTREAM_ONLY_INGEST_NAME} of this
     * process's own is {@code NAME} in that of ingest, and in no other's; it wins over what is set here.
     */
    Map<String, String> environment(Component component, Deployment deployment) {
        Map<String, String> environment = new LinkedHashMap<>(settings(component, deployment));
        String only = ONLY + component.name() + "_";
        System.getenv().forEach((name, value) -> {
            if (name.startsWith(only)) {
                environment.put(name.substring(only.length()), value);
            }
        });
        return environment;
    }

    private Map<String, String> settings(Component component, Deployment deployment) {
        if (component == Component.REGISTRY) {
            return EmbeddedRegistry.environment(deployment.folder(component), deployment.port(component));
        }
        Map<String, String> environment = new LinkedHashMap<>();
        if (component != Component.BROKER) {
            environment.put("LEUKOSTREAM_KAFKA_BOOTSTRAP_SERVERS", deployment.bootstrapServers());
            environment.put("LEUKOSTREAM_REGISTRY_URL", deployment.registryUrl());
            environment.put("LEUKOSTREAM_HTTP_HOST", "127.0.0.1");
            environment.put("LEUKOSTREAM_HTTP_PORT", Integer.toString(deployment.port(component)));
            environment.put("LEUKOSTREAM_DATA", deployment.folder(component).toString());
            environment.put(
                    "LEUKOSTREAM_IMAGE_MAX_BYTES",
                    Integer.toString(deployment.limit().imageBytes()));
        }
        if (component == Component.INFERENCE && !System.getenv().containsKey("LEUKOSTREAM_MODEL_DIRECTORY")) {
            environment.put("LEUKOSTREAM_MODEL_DIRECTORY", defaultModel().toString());
        }
        return environment;
    }

    private Path agent() {
        return home.resolve("standalone/target/standalone-" + version() + ".jar");
    }

    private Path registryHome() {
        return home.resolve("embedded/target/registry");
    }

    private Path service(Component component) {
        return home.resolve(component.label() + "-service/target/quarkus-app/quarkus-run.jar");
    }

    private static Properties buildProperties() {
        Properties properties = new Properties();
        try (var in = Installation.class.getResourceAsStream("/leukostream-build.properties")) {
            if (in == null) {
                throw new IllegalStateException("leukostream-build.properties is missing from the jar");
            }
            properties.load(in);
        } catch (IOException e) {
            throw new IllegalStateException("leukostream-build.properties cannot be read", e);
        }
        return properties;
    }
}
