package io.leukostream.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.apicurio.registry.serde.avro.AvroKafkaSerializer;
import io.leukostream.events.SpecimenRegistered;
import io.leukostream.schemas.KeptSchemas;
import io.leukostream.schemas.RegistryUnavailableException;
import io.leukostream.schemas.Topic;
import io.leukostream.schemas.WireFormat;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.Executors;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A registry that is away, or was set back, is no record's fault; an id that a whole one does not know is. */
class KeptSchemasTest {
    private static final long NOBODYS = Integer.MAX_VALUE;

    @TempDir
    Path folder;

    /** What lies between the process and the registry. */
    private enum Between {
        NOTHING,
        NOTHING_IS_FOUND,
        AN_ERROR
    }

    private volatile Between between = Between.NOTHING;

    @Test
    @Timeout(120)
    void whatWasSeenIsKeptAndOnlyAWholeRegistryCallsAnIdUnknown() throws Exception {
        try (EmbeddedPlatform platform = EmbeddedPlatform.start(folder);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            HttpServer proxy = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            proxy.setExecutor(threads);
            URI registry = URI.create(platform.registryUrl());
            proxy.createContext("/", exchange -> pass(exchange, registry));
            proxy.start();
            String url = "http://127.0.0.1:" + proxy.getAddress().getPort() + registry.getPath();
            try (AvroKafkaSerializer<SpecificRecord> serializer = new AvroKafkaSerializer<>();
                    KeptSchemas<Schema, Object> schemas = KeptSchemas.of(url)) {
                // Given: a process that knows its own schemas and has written nothing
                assertFalse(KeptSchemas.areComplete(url + "/else"), "nobody asked there");
                while (!KeptSchemas.areComplete(url)) {
                    Thread.sleep(20);
                }
                serializer.configure(WireFormat.settings(url), false);

                // When the registry answers nothing of use, or that it knows nothing
                for (Between trouble : new Between[] {Between.AN_ERROR, Between.NOTHING_IS_FOUND}) {
                    between = trouble;

                    // Then what is known is written and read all the same
                    byte[] written = serializer.serialize("specimens", specimen());
                    long id = ByteBuffer.wrap(written).getInt(1);
                    assertEquals(Topic.SPECIMENS.valueSchema(), schemas.schema(id));
                    assertThrows(RegistryUnavailableException.class, () -> schemas.schema(NOBODYS));
                }

                // When it is whole, then an id that it does not know is nobody's
                between = Between.NOTHING;
                RuntimeException unknown = assertThrows(RuntimeException.class, () -> schemas.schema(NOBODYS));
                assertFalse(unknown instanceof RegistryUnavailableException, unknown.toString());
                assertTrue(String.valueOf(unknown.getMessage()).contains("no schema"), unknown.toString());
            } finally {
                proxy.stop(0);
            }
        }
    }

    @Test
    @Timeout(120)
    void aProcessThatStartsBesideAnEmptiedRegistryBlamesNoRecord() throws Exception {
        String home = System.getProperty("leukostream.registry.home");
        try (EmbeddedRegistry registry = EmbeddedRegistry.start(Path.of(home), folder, EmbeddedPlatform.freePort())) {
            registry.awaitAnswer();
            String url = registry.url();
            try (AvroKafkaSerializer<SpecificRecord> serializer = new AvroKafkaSerializer<>();
                    KeptSchemas<Schema, Object> schemas = KeptSchemas.of(url)) {
                // Given: a process that asked an empty registry, and so has kept nothing
                while (!KeptSchemas.areComplete(url)) {
                    Thread.sleep(20);
                }

                // Then an id of former days is waited for
                assertThrows(RegistryUnavailableException.class, () -> schemas.schema(7));

                // Even when something has been registered again
                serializer.configure(WireFormat.settings(url), false);
                serializer.serialize("specimens", specimen());
                assertThrows(RegistryUnavailableException.class, () -> schemas.schema(NOBODYS));

                // And only a registry that holds all of this version's schemas calls an id unknown
                Provisioning.schemas(url);
                RuntimeException unknown = assertThrows(RuntimeException.class, () -> schemas.schema(NOBODYS));
                assertFalse(unknown instanceof RegistryUnavailableException, unknown.toString());
            }
        }
    }

    private static SpecimenRegistered specimen() {
        return SpecimenRegistered.newBuilder()
                .setSpecimenId("S-AAAAAAAA")
                .setPatientId("P-AAAAAAAA")
                .setSpecimenType("BONE_MARROW")
                .setKind("CELL")
                .setVersion(1)
                .setRegisteredAt(Instant.ofEpochMilli(1))
                .build();
    }

    private void pass(HttpExchange exchange, URI registry) throws IOException {
        try (exchange;
                HttpClient client = HttpClient.newHttpClient()) {
            byte[] question = exchange.getRequestBody().readAllBytes();
            switch (between) {
                case AN_ERROR ->
                    answer(exchange, 500, "{\"status\":500,\"title\":\"no\"}".getBytes(StandardCharsets.UTF_8));
                case NOTHING_IS_FOUND ->
                    answer(exchange, 404, "{\"status\":404,\"title\":\"no\"}".getBytes(StandardCharsets.UTF_8));
                case NOTHING -> {
                    HttpRequest.Builder request = HttpRequest.newBuilder(
                                    registry.resolve(exchange.getRequestURI().toString()))
                            .method(
                                    exchange.getRequestMethod(),
                                    question.length == 0
                                            ? HttpRequest.BodyPublishers.noBody()
                                            : HttpRequest.BodyPublishers.ofByteArray(question));
                    for (String header : new String[] {"Content-Type", "Accept"}) {
                        String value = exchange.getRequestHeaders().getFirst(header);
                        if (value != null) {
                            request.header(header, value);
                        }
                    }
                    HttpResponse<byte[]> answer = client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
                    answer.headers()
                            .firstValue("Content-Type")
                            .ifPresent(type -> exchange.getResponseHeaders().set("Content-Type", type));
                    answer(exchange, answer.statusCode(), answer.body());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
        if (!exchange.getResponseHeaders().containsKey("Content-Type")) {
            exchange.getResponseHeaders().set("Content-Type", "application/json");
        }
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }
}
