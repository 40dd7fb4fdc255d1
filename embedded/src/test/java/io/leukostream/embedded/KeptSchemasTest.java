package io.leukostream.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.apicurio.registry.serde.avro.AvroKafkaSerializer;
import io.leukostream.events.SpecimenRegistered;
import io.leukostream.schemas.KeptSchemas;
import io.leukostream.schemas.RegistryUnavailableException;
import io.leukostream.schemas.Topic;
import io.leukostream.schemas.WireFormat;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
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

    @Test
    @Timeout(120)
    void whatWasSeenIsKeptAndOnlyAWholeRegistryCallsAnIdUnknown() throws Exception {
        try (EmbeddedPlatform platform = EmbeddedPlatform.start(folder);
                RegistryRelay relay = RegistryRelay.to(platform.registryUrl())) {
            String url = relay.url();
            try (AvroKafkaSerializer<SpecificRecord> serializer = new AvroKafkaSerializer<>();
                    KeptSchemas<Schema, Object> schemas = KeptSchemas.of(url)) {
                // Given: a process that knows its own schemas and has written nothing
                assertFalse(KeptSchemas.areComplete(url + "/else"), "nobody asked there");
                while (!KeptSchemas.areComplete(url)) {
                    Thread.sleep(20);
                }
                serializer.configure(WireFormat.settings(url), false);

                // When the registry answers nothing of use, or that it knows nothing
                for (RegistryRelay.Answer trouble :
                        List.of(RegistryRelay.Answer.ERROR, RegistryRelay.Answer.NOT_FOUND)) {
                    relay.answer(trouble);

                    // Then what is known is written and read all the same
                    byte[] written = serializer.serialize("specimens", specimen());
                    long id = ByteBuffer.wrap(written).getInt(1);
                    assertEquals(Topic.SPECIMENS.valueSchema(), schemas.schema(id));
                    assertThrows(RegistryUnavailableException.class, () -> schemas.schema(NOBODYS));
                }

                // When it is whole, then an id that it does not know is nobody's
                relay.answer(RegistryRelay.Answer.OF_THE_REGISTRY);
                RuntimeException unknown = assertThrows(RuntimeException.class, () -> schemas.schema(NOBODYS));
                assertFalse(unknown instanceof RegistryUnavailableException, unknown.toString());
                assertTrue(String.valueOf(unknown.getMessage()).contains("no schema"), unknown.toString());
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
}
