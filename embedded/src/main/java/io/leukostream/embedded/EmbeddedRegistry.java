package io.leukostream.embedded;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The schema registry (Apicurio) as a child process on 127.0.0.1, keeping its artifacts in an H2 file. */
public final class EmbeddedRegistry implements AutoCloseable {
    /** Enough for a site's schemas, and quickest to start. */
    public static final List<String> JVM_OPTIONS = List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

    private static final Duration START_LIMIT = Duration.ofMinutes(3);
    private static final Duration STOP = Duration.ofSeconds(10);

    private final Process process;
    private final int port;
    private final File log;

    private EmbeddedRegistry(Process process, int port, File log) {
        this.process = process;
        this.port = port;
        this.log = log;
    }

    /**
     * The command that runs the registry.
     *
     * @param java the java launcher to run it with
     * @param home the unpacked distribution
     * @param jvmOptions options before {@code -jar}
     */
    public static List<String> command(Path java, Path home, List<String> jvmOptions) {
        List<String> command = new ArrayList<>();
        command.add(java.toString());
        command.addAll(jvmOptions);
        command.add("-jar");
        command.add(home.resolve("quarkus-run.jar").toString());
        return command;
    }

    /**
     * The environment that it reads its settings from. H2 writes through on every commit, since its default loses the
     * last rows at a kill.
     *
     * @param folder where the H2 file lies
     */
    public static Map<String, String> environment(Path folder, int port) {
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("QUARKUS_HTTP_HOST", "127.0.0.1");
        environment.put("QUARKUS_HTTP_PORT", Integer.toString(port));
        // Its management interface would listen on port 9000 of every address; nobody here needs it.
        environment.put("QUARKUS_MANAGEMENT_HOST", "127.0.0.1");
        environment.put("QUARKUS_MANAGEMENT_PORT", "0");
        environment.put("QUARKUS_HTTP_ACCESS_LOG_ENABLED", "false");
        environment.put("APICURIO_STORAGE_KIND", "sql");
        environment.put("APICURIO_STORAGE_SQL_KIND", "h2");
        environment.put(
                "APICURIO_DATASOURCE_URL",
                "jdbc:h2:file:" + folder.toAbsolutePath().resolve("registry")
                        + ";WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE");
        environment.put("QUARKUS_HTTP_LIMITS_MAX_BODY_SIZE", "10M");
        return environment;
    }

    /** The core API of a registry on this machine. */
    public static String url(int port) {
        return "http://127.0.0.1:" + port + "/apis/registry/v3";
    }

    /**
     * Starts a registry and does not wait until it answers.
     *
     * @param home the unpacked distribution
     * @param folder where it keeps its artifacts and its log, {@code registry.log}
     * @throws IOException if it cannot be started
     */
    public static EmbeddedRegistry start(Path home, Path folder, int port) throws IOException {
        if (!Files.isRegularFile(home.resolve("quarkus-run.jar"))) {
            throw new IOException("no registry is unpacked in " + home + "; build the module embedded first");
        }
        Files.createDirectories(folder);
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        ProcessBuilder builder = new ProcessBuilder(command(java, home, JVM_OPTIONS));
        builder.environment().putAll(environment(folder, port));
        File log = folder.resolve("registry.log").toFile();
        builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(log));
        EmbeddedRegistry registry = new EmbeddedRegistry(builder.start(), port, log);
        Runtime.getRuntime().addShutdownHook(new Thread(registry::close, "registry-shutdown"));
        return registry;
    }

    /**
     * Waits until it answers.
     *
     * @throws IllegalStateException if it ends, or does not answer within three minutes
     */
    public void awaitAnswer() throws InterruptedException {
        Probe probe = new Probe(url(port) + "/system/info");
        long end = System.nanoTime() + START_LIMIT.toNanos();
        while (!probe.answers()) {
            if (!process.isAlive() || System.nanoTime() > end) {
                throw new IllegalStateException("the registry did not come up; see " + log);
            }
            Thread.sleep(100);
        }
    }

    /** The core API. */
    public String url() {
        return url(port);
    }

    /** Ends the process. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(STOP.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
