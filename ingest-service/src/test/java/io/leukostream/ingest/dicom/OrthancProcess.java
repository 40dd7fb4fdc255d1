package io.leukostream.ingest.dicom;

import io.restassured.path.json.JsonPath;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Debian's Orthanc with its DICOMweb plugin, in a folder of its own. */
public final class OrthancProcess implements AutoCloseable {
    public static final String USER = "leukostream";
    public static final String PASSWORD = "not-a-secret";
    public static final String ABSENT =
            "Orthanc or dcmtk is not installed: apt-get install orthanc orthanc-dicomweb dcmtk";

    private static final Duration LONGEST_ANSWER = Duration.ofSeconds(20);
    private static final Path PROGRAM = Path.of("/usr/sbin/Orthanc");
    private static final Path PLUGIN = Path.of("/usr/share/orthanc/plugins/libOrthancDicomWeb.so");
    private static final String AUTHORIZATION =
            "Basic " + Base64.getEncoder().encodeToString((USER + ":" + PASSWORD).getBytes(StandardCharsets.UTF_8));

    private final Path folder;
    private final int httpPort;
    private final int dicomPort;
    private final HttpClient client = HttpClient.newHttpClient();
    private Process process;

    private OrthancProcess(Path folder, int httpPort, int dicomPort) {
        this.folder = folder;
        this.httpPort = httpPort;
        this.dicomPort = dicomPort;
    }

    public static boolean isInstalled() {
        return Files.isExecutable(PROGRAM)
                && Files.exists(PLUGIN)
                && Files.isExecutable(Path.of("/usr/bin/storescu"))
                && Files.isExecutable(Path.of("/usr/bin/dump2dcm"));
    }

    public static OrthancProcess start(Path folder) throws IOException, InterruptedException {
        Files.createDirectories(folder.resolve("data"));
        OrthancProcess orthanc = new OrthancProcess(folder.toAbsolutePath(), freePort(), freePort());
        Files.writeString(folder.resolve("orthanc.json"), """
                {"Name": "test", "StorageDirectory": "%1$s/data", "IndexDirectory": "%1$s/data", "Plugins": ["%2$s"],
                 "HttpPort": %3$d, "DicomPort": %4$d, "RemoteAccessAllowed": false, "DicomCheckCalledAet": false,
                 "AuthenticationEnabled": true, "RegisteredUsers": {"%5$s": "%6$s"}, "DicomWeb": {"Enable": true}}
                """.formatted(
                        orthanc.folder, PLUGIN, orthanc.httpPort, orthanc.dicomPort, USER, PASSWORD));
        orthanc.start();
        return orthanc;
    }

    /** One that another process started. */
    public static OrthancProcess at(Path folder, int httpPort, int dicomPort) {
        return new OrthancProcess(folder, httpPort, dicomPort);
    }

    public void start() throws IOException, InterruptedException {
        process = new ProcessBuilder(
                        PROGRAM.toString(), folder.resolve("orthanc.json").toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        folder.resolve("orthanc.log").toFile()))
                .start();
        for (int k = 0; k < 300 && process.isAlive(); k++) {
            try {
                if (get("system").statusCode() == 200) {
                    return;
                }
            } catch (IOException e) {
                // It is not up yet.
                Thread.sleep(100);
            }
        }
        throw new IOException("Orthanc did not start: " + Files.readString(folder.resolve("orthanc.log")));
    }

    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Takes away all that it holds, while it does not run. */
    public void empty() throws IOException {
        try (Stream<Path> all = Files.walk(folder.resolve("data"))) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
        Files.createDirectory(folder.resolve("data"));
    }

    public long pid() {
        return process.pid();
    }

    public int httpPort() {
        return httpPort;
    }

    public int dicomPort() {
        return dicomPort;
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + httpPort);
    }

    /**
     * Sends files by C-STORE.
     *
     * @return whether all were stored, now or before
     */
    public boolean store(String callingTitle, List<Path> files) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("storescu", "-q", "-to", "5", "-aet", callingTitle));
        if (files.getFirst().getFileName().toString().startsWith("jpeg")) {
            command.add("-xy");
        }
        command.addAll(List.of("127.0.0.1", Integer.toString(dicomPort)));
        files.forEach(file -> command.add(file.toString()));
        Process sender = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!sender.waitFor(60, TimeUnit.SECONDS)) {
            sender.destroyForcibly();
            return false;
        }
        return sender.exitValue() == 0;
    }

    /** Sends a file by STOW-RS, over a connection of its own since Orthanc closes one after an error; the HTTP status. */
    public int stow(byte[] file) throws IOException, InterruptedException {
        byte[] head = "--b\r\nContent-Type: application/dicom\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        byte[] tail = "\r\n--b--\r\n".getBytes(StandardCharsets.US_ASCII);
        try (HttpClient sender = HttpClient.newHttpClient()) {
            return sender.send(
                            request("dicom-web/studies")
                                    .timeout(LONGEST_ANSWER)
                                    .header("Content-Type", "multipart/related; type=\"application/dicom\"; boundary=b")
                                    .header("Accept", "application/dicom+json")
                                    .POST(HttpRequest.BodyPublishers.concat(
                                            HttpRequest.BodyPublishers.ofByteArray(head),
                                            HttpRequest.BodyPublishers.ofByteArray(file),
                                            HttpRequest.BodyPublishers.ofByteArray(tail)))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .statusCode();
        }
    }

    public void delete(String instance) throws IOException, InterruptedException {
        client.send(request("instances/" + instance).DELETE().build(), HttpResponse.BodyHandlers.ofString());
    }

    /** Its names of all instances that it holds. */
    public Set<String> instances() throws IOException, InterruptedException {
        return Set.copyOf(JsonPath.from(get("instances").body()).getList("", String.class));
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(request(path).build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(url().resolve("/" + path)).header("Authorization", AUTHORIZATION);
    }

    @Override
    public void close() {
        if (process != null) {
            process.destroyForcibly();
        }
        client.shutdownNow();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
