package io.leukostream.standalone.supervisor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * An inference process that runs a bundle on trial beside a running system: it reads the same image log in a group of its
 * own and writes to the shadow topic only. It ends with this process, and whatever happens to it happens to it alone.
 */
public final class ShadowInference implements AutoCloseable {
    private static final int STOP_SECONDS = 20;
    private static final int LAST_LINES = 20;

    private final String bundleSha256;
    private final Path log;
    private final Process process;

    private ShadowInference(String bundleSha256, Path log, Process process) {
        this.bundleSha256 = bundleSha256;
        this.log = log;
        this.process = process;
    }

    /**
     * Starts it.
     *
     * @param bundle the folder of a bundle
     * @throws IOException if the folder holds none, or the process cannot be started
     */
    public static ShadowInference start(Installation installation, Deployment deployment, Path bundle)
            throws IOException {
        String sha256 = sha256(bundle.resolve("model.json"));
        String name = "shadow-" + sha256.substring(0, 16);
        Path log = Files.createDirectories(deployment.data().resolve("logs")).resolve(name + ".log");
        Map<String, String> environment = new HashMap<>(installation.environment(Component.INFERENCE, deployment));
        environment.put("LEUKOSTREAM_ROLE", "shadow");
        environment.put("LEUKOSTREAM_MODEL_DIRECTORY", bundle.toAbsolutePath().toString());
        environment.put(
                "LEUKOSTREAM_DATA",
                deployment.data().resolve("shadow").resolve(name).toString());
        environment.put("LEUKOSTREAM_HTTP_PORT", Integer.toString(freePort()));
        ProcessBuilder builder = new ProcessBuilder(
                        OwnSession.of(installation.command(Component.INFERENCE, deployment)))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        return new ShadowInference(sha256, log, builder.start());
    }

    /** SHA-256 of the bundle's model.json, hexadecimal. */
    public String bundleSha256() {
        return bundleSha256;
    }

    /** Where it says what it does. */
    public Path log() {
        return log;
    }

    /** Whether the process lives. */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** The end of its log. */
    public List<String> lastLines() {
        try {
            List<String> lines = Files.readAllLines(log);
            return lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size());
        } catch (IOException e) {
            throw new UncheckedIOException(log + " cannot be read", e);
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private static String sha256(Path file) throws IOException {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
