package io.leukostream.inference.messaging;

import io.leukostream.events.SmearImage;
import io.leukostream.inference.domain.InfrastructureException;
import io.leukostream.schemas.KeptSchemas;
import io.leukostream.schemas.RegistryUnavailableException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.specific.SpecificDatumReader;

/**
 * Reads the value of an image record: a zero byte, the content id of the writer's schema as four bytes, Avro binary. Keeps
 * apart what no library does: a record that cannot be read (an outcome), and a registry that does not answer (none).
 * Safe for use by several threads.
 */
final class ImageRecordReader implements AutoCloseable {
    /** A zero byte and the schema's id. */
    static final int HEADER_BYTES = 5;

    private final KeptSchemas<Schema, Object> schemas;

    /** @param registryUrl the registry's core API */
    ImageRecordReader(String registryUrl) {
        this.schemas = KeptSchemas.of(registryUrl);
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
        return decoded(value, schema(ByteBuffer.wrap(value).getInt(1)));
    }

    /**
     * Reads what follows the schema's id.
     *
     * @param value at least as long as the id's header
     * @param writer the schema that it was written by
     */
    static SmearImage decoded(byte[] value, Schema writer) throws UnreadableException {
        BinaryDecoder decoder =
                DecoderFactory.get().binaryDecoder(value, HEADER_BYTES, value.length - HEADER_BYTES, null);
        try {
            return new SpecificDatumReader<SmearImage>(writer, SmearImage.getClassSchema()).read(null, decoder);
        } catch (IOException | RuntimeException e) {
            throw new UnreadableException("The value is no Avro of its schema, or its schema is no image's.", e);
        }
    }

    private Schema schema(int contentId) throws UnreadableException {
        try {
            return schemas.schema(Integer.toUnsignedLong(contentId));
        } catch (RegistryUnavailableException e) {
            throw new InfrastructureException("the registry does not tell a record's schema", e);
        } catch (RuntimeException e) {
            throw new UnreadableException("The registry has no Avro schema of the record's id.", e);
        }
    }

    @Override
    public void close() {
        schemas.close();
    }
}
