package io.leukostream.schemas;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class IdentityTest {
    @Test
    void imageIdEqualsAnIndependentImplementation() {
        // Given python3: base64.b32encode(hashlib.sha256(b"S-4F7Q2LTB" + b"not a cell").digest()[:16]).rstrip(b"=")
        ByteBuffer image = ByteBuffer.wrap("not a cell".getBytes(StandardCharsets.UTF_8));

        // When
        String imageId = Identity.imageId("S-4F7Q2LTB", image);

        // Then
        assertEquals("S-4F7Q2LTB.46BZEB63QVYPTAHAYSPRYAMBGQ", imageId);
        assertEquals(0, image.position());
        assertTrue(Identity.isImageId(imageId));
    }

    @Test
    void theSameBytesForAnotherSpecimenAreAnotherImage() {
        // Given
        ByteBuffer image = ByteBuffer.wrap(new byte[] {1, 2, 3});

        // When
        String one = Identity.imageId("S-AAAAAAAA", image);
        String other = Identity.imageId("S-BBBBBBBB", image);

        // Then
        assertNotEquals(one.substring(one.indexOf('.')), other.substring(other.indexOf('.')));
    }

    @Test
    void aCellIdNamesItsImageAndItsSpecimen() {
        // Given
        String imageId = Identity.imageId("S-AAAAAAAA", ByteBuffer.wrap(new byte[] {1}));

        // When
        String cellId = Identity.cellId(imageId, 10, 20, 30, 40);

        // Then
        assertTrue(cellId.endsWith(".10-20-30-40"));
        assertTrue(Identity.isCellId(cellId));
        assertFalse(Identity.isCellId(imageId));
        assertEquals(imageId, Identity.imageIdOf(cellId));
        assertEquals("S-AAAAAAAA", Identity.specimenIdOf(cellId));
    }
}
