package io.leukostream.ingest.vault;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** A PostgreSQL of its own, from Debian's package, that writes through to the disk as in production. */
public final class PostgresServer implements AutoCloseable {
    private static final Path PACKAGES = Path.of("/usr/lib/postgresql");
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Path programs;
    private final Path folder;
    private final int port;
    private final AtomicInteger databases = new AtomicInteger();
    private Process server;

    private PostgresServer(Path programs, Path folder, int port) throws IOException, InterruptedException {
        this.programs = programs;
        this.folder = folder;
        this.port = port;
        List<String> make = asItsUser();
        make.addAll(List.of(
                programs.resolve("initdb").toString(),
                "--no-sync",
                "--no-locale",
                "--encoding=UTF8",
                "--auth=trust",
                "--username=leukostream",
                "--pgdata=" + folder.resolve("data")));
        Process made = new ProcessBuilder(make)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("initdb.log").toFile())
                .start();
        if (made.waitFor() != 0) {
            throw new IOException("initdb failed: " + Files.readString(folder.resolve("initdb.log")));
        }
        this.server = launch();
        awaitAnswer();
    }

    /** Where the newest installed one has its programs; empty where there is none. */
    static Optional<Path> installed() {
        if (!Files.isDirectory(PACKAGES)) {
            return Optional.empty();
        }
        try (Stream<Path> versions = Files.list(PACKAGES)) {
            return versions.map(version -> version.resolve("bin"))
                    .filter(bin -> Files.isExecutable(bin.resolve("initdb")))
                    .max(Comparator.naturalOrder());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Makes an instance in a folder of its own, and starts it. */
    public static PostgresServer start() throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory(
                "leukostream-postgresql",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        if (isRoot()) {
            Files.setOwner(
                    folder,
                    folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("postgres"));
        }
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        return new PostgresServer(
                installed().orElseThrow(() -> new IOException("no PostgreSQL below " + PACKAGES)), folder, port);
    }

    private static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }

    /** It refuses to run as root. */
    private static List<String> asItsUser() {
        return new ArrayList<>(
                isRoot()
                        ? List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--")
                        : List.of());
    }

    private Process launch() throws IOException {
        List<String> command = asItsUser();
        command.addAll(List.of(
                programs.resolve("postgres").toString(),
                "-D",
                folder.resolve("data").toString(),
                "-p",
                Integer.toString(port),
                "-c",
                "listen_addresses=127.0.0.1",
                "-c",
                "unix_socket_directories=" + folder,
                "-c",
                "fsync=on"));
        return new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
                .start();
    }

    /** What the server wrote about itself, its failed statements included. */
    Path log() {
        return folder.resolve("server.log");
    }

    /** Where the tables and catalogues of a database lie. */
    Path tables(String url) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery("select oid from pg_database where datname = current_database()")) {
            row.next();
            return folder.resolve("data").resolve("base").resolve(row.getString(1));
        }
    }

    private String url(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database + "?user=leukostream";
    }

    private void awaitAnswer() throws IOException, InterruptedException {
        Instant end = Instant.now().plus(PATIENCE);
        while (true) {
            try (Connection connection = DriverManager.getConnection(url("postgres"))) {
                if (connection.isValid(1)) {
                    return;
                }
            } catch (SQLException e) {
                if (Instant.now().isAfter(end)) {
                    throw new IOException("PostgreSQL did not start: " + Files.readString(log()), e);
                }
                if (!server.isAlive()) {
                    // The processes of one that was killed may still hold its memory.
                    server = launch();
                }
            }
            Thread.sleep(100);
        }
    }

    /** The address of a new, empty database. */
    public String newDatabase() throws SQLException {
        String name = "vault" + databases.incrementAndGet();
        execute("create database " + name);
        return url(name);
    }

    /** Runs a statement as the server's own administrator. */
    void execute(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url("postgres"));
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Kills the server with all its processes, as {@code kill -9} does, and starts it again. */
    void killAndStart() throws IOException, InterruptedException {
        List<ProcessHandle> all = new ArrayList<>(server.descendants().toList());
        server.destroyForcibly();
        all.forEach(ProcessHandle::destroyForcibly);
        server.waitFor();
        server = launch();
        awaitAnswer();
    }

    @Override
    public void close() throws IOException {
        server.descendants().forEach(ProcessHandle::destroyForcibly);
        server.destroyForcibly();
        try {
            server.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        }
    }
}
