package io.leukostream.inference.messaging;

import io.leukostream.events.SmearImage;
import io.leukostream.inference.domain.InfrastructureException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaParser;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.specific.SpecificDatumReader;

/**
 * Reads the value of an image record: a zero byte, the content id of the writer's schema as four bytes, Avro binary. Keeps
 * apart what no library does: a record that cannot be read (an outcome), and a registry that does not answer (none).
 * Safe for use by several threads.
 */
final class ImageRecordReader implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int HEADER_BYTES = 5;
    private static final int NOT_FOUND = 404;
    private static final int OK = 200;

    private final HttpClient client = HttpClient.newHttpClient();
    private final String registryUrl;
    private final Map<Integer, Schema> schemas = new ConcurrentHashMap<>();

    /** @param registryUrl the registry's core API */
    ImageRecordReader(String registryUrl) {
        this.registryUrl = registryUrl;
    }

    /** No image could be read from the value. */
    static final class UnreadableException extends Exception {
        private static final long serialVersionUID = 1;

        UnreadableException(String reason) {
            super(reason);
        }

        UnreadableException(String reason, Exception cause) {
            super(reason, cause);
        }
    }

    /**
     * Reads a value; the image's bytes are copied out of it.
     *
     * @throws UnreadableException if it is no image, whoever reads it
     * @throws InfrastructureException if the registry does not answer
     */
    SmearImage read(byte[] value) throws UnreadableException {
        if (value.length < HEADER_BYTES || value[0] != 0) {
            throw new UnreadableException("The value has not the form of a record with a registered schema.");
        }
        int contentId = ByteBuffer.wrap(value).getInt(1);
        Schema writer = schema(contentId)
                .orElseThrow(() -> new UnreadableException("The registry has no schema of the record's id."));
        BinaryDecoder decoder =
                DecoderFactory.get().binaryDecoder(value, HEADER_BYTES, value.length - HEADER_BYTES, null);
        try {
            return new SpecificDatumReader<SmearImage>(writer, SmearImage.getClassSchema()).read(null, decoder);
        } catch (IOException
                | AvroRuntimeException
                | IndexOutOfBoundsException
                | NegativeArraySizeException
                | ClassCastException
                | UnsupportedOperationException e) {
            throw new UnreadableException("The value is no Avro of its schema, or its schema is no image's.", e);
        }
    }

    private Optional<Schema> schema(int contentId) throws UnreadableException {
        Schema known = schemas.get(contentId);
        if (known != null) {
            return Optional.of(known);
        }
        HttpResponse<String> answer = ask(contentId);
        if (answer.statusCode() == NOT_FOUND) {
            return Optional.empty();
        }
        if (answer.statusCode() != OK) {
            throw new InfrastructureException("the registry answered " + answer.statusCode() + " to a schema's id");
        }
        try {
            Schema schema = new SchemaParser().parse(answer.body()).mainSchema();
            schemas.put(contentId, schema);
            return Optional.of(schema);
        } catch (AvroRuntimeException e) {
            throw new UnreadableException("What is registered under the record's schema id is no Avro schema.", e);
        }
    }

    private HttpResponse<String> ask(int contentId) {
        String url = registryUrl + "/ids/contentIds/" + Integer.toUnsignedString(contentId);
        try {
            return client.send(
                    HttpRequest.newBuilder(URI.create(url)).timeout(TIMEOUT).build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new InfrastructureException("the registry at " + registryUrl + " does not answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InfrastructureException("interrupted while the registry was asked", e);
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
