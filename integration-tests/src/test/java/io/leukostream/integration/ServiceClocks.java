package io.leukostream.integration;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Wall clocks of single services that can be set while they run, by libfaketime (Debian's {@code faketime}). Only the
 * wall clock jumps, as it does when somebody sets it; the monotonic one goes on.
 */
final class ServiceClocks {
    /** The services whose clocks can be set. */
    static final List<String> SERVICES = List.of("ingest", "inference", "results");

    private final Optional<Path> library;
    private final Path folder;

    private ServiceClocks(Optional<Path> library, Path folder) {
        this.library = library;
        this.folder = folder;
    }

    /**
     * Clocks that are right.
     *
     * @param folder where their settings lie
     */
    static ServiceClocks in(Path folder) throws IOException {
        Files.createDirectories(folder);
        ServiceClocks clocks = new ServiceClocks(library(), folder);
        for (String service : SERVICES) {
            clocks.set(service, Duration.ZERO);
        }
        return clocks;
    }

    /** Whether this machine has what is needed; without it, setting a clock does nothing. */
    boolean canJump() {
        return library.isPresent();
    }

    /** What the system must be started with. */
    Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>();
        library.ifPresent(file -> SERVICES.forEach(service -> {
            String only = "LEUKOSTREAM_ONLY_" + service.toUpperCase(Locale.ROOT) + "_";
            environment.put(only + "LD_PRELOAD", file.toString());
            environment.put(only + "FAKETIME_TIMESTAMP_FILE", setting(service).toString());
            environment.put(only + "FAKETIME_CACHE_DURATION", "1");
            environment.put(only + "FAKETIME_DONT_FAKE_MONOTONIC", "1");
            // With it, every timed wait of a JVM spins.
            environment.put(only + "FAKETIME_FORCE_MONOTONIC_FIX", "0");
        }));
        return environment;
    }

    /** Sets a service's clock; it shows within a second. */
    void set(String service, Duration offset) throws IOException {
        Path next = folder.resolve(service + ".next");
        Files.writeString(next, String.format(Locale.ROOT, "%+d%n", offset.toSeconds()));
        Files.move(next, setting(service), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private Path setting(String service) {
        return folder.resolve(service);
    }

    private static Optional<Path> library() throws IOException {
        Path libraries = Path.of("/usr/lib");
        if (!Files.isDirectory(libraries)) {
            return Optional.empty();
        }
        try (Stream<Path> folders = Files.list(libraries)) {
            return folders.map(each -> each.resolve("faketime").resolve("libfaketime.so.1"))
                    .filter(Files::isRegularFile)
                    .findFirst();
        }
    }
}
