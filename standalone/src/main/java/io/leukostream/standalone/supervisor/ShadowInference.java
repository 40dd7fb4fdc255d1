package io.leukostream.standalone.supervisor;

import io.leukostream.schemas.InferenceGroup;
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

/**
 * An inference process that runs a bundle on trial beside a running system: it reads the same image log in a group of its
 * own and writes to the shadow topic only. It ends with this process, and whatever happens to it happens to it alone.
 */
public final class ShadowInference implements AutoCloseable {
    private final String bundleSha256;
    private final Path file;
    private final RotatingLog log;
    private final Process process;

    private ShadowInference(String bundleSha256, Path file, RotatingLog log, Process process) {
        this.bundleSha256 = bundleSha256;
        this.file = file;
        this.log = log;
        this.process = process;
        Thread.ofPlatform().daemon().name("shadow-log").start(this::drain);
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
        String name = InferenceGroup.shadow(sha256);
        Path file = deployment.data().resolve("logs").resolve(name + ".log");
        Map<String, String> environment = new HashMap<>(installation.environment(Component.INFERENCE, deployment));
        environment.put("LEUKOSTREAM_ROLE", "shadow");
        environment.put("LEUKOSTREAM_MODEL_DIRECTORY", bundle.toAbsolutePath().toString());
        environment.put(
                "LEUKOSTREAM_DATA",
                deployment.data().resolve("shadow").resolve(name).toString());
        environment.put("LEUKOSTREAM_HTTP_PORT", Integer.toString(freePort()));
        ProcessBuilder builder = new ProcessBuilder(
                        OwnSession.of(installation.command(Component.INFERENCE, deployment)))
                .redirectErrorStream(true);
        builder.environment().putAll(environment);
        return new ShadowInference(sha256, file, new RotatingLog(file), builder.start());
    }

    /** SHA-256 of the bundle's model.json, hexadecimal. */
    public String bundleSha256() {
        return bundleSha256;
    }

    /** Where it says what it does. */
    public Path log() {
        return file;
    }

    /** Whether the process lives. */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** What it said last. */
    public List<String> lastLines() {
        return log.tail();
    }

    private void drain() {
        try (RotatingLog until = log) {
            until.drain(process);
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be written", e);
        }
    }

    @Override
    public void close() {
        try {
            Child.end(process);
        } catch (InterruptedException e) {
            process.toHandle().destroyForcibly();
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
