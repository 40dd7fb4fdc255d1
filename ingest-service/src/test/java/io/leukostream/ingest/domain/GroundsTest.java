package io.leukostream.ingest.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class GroundsTest {
    @Test
    void findsAnIdentifierInTheWordsOfThePerson() {
        // Given
        List<String> identifiers = List.of("4711", "Müller-Anna");

        // When
        String word = new Grounds("Dr Ada", "is the child 4711, too").fieldThatTells(identifiers);
        String part = new Grounds("Dr Ada", "MÜLLER-ANNAs second request").fieldThatTells(identifiers);
        String by = new Grounds("4711", "why").fieldThatTells(identifiers);
        String longer = new Grounds("Dr Ada", "ticket 47110").fieldThatTells(identifiers);

        // Then
        assertEquals("reason", word);
        assertEquals("reason", part);
        assertEquals("by", by);
        assertNull(longer);
    }

    @Test
    void aTokenPermitsWhoPresentsItAndNoneNobody() {
        // Given
        PermissionToken token = new PermissionToken("twenty-four-characters-or-more");

        // When
        boolean right = token.permits("Bearer twenty-four-characters-or-more");
        boolean otherCase = token.permits("Bearer Twenty-four-characters-or-more");
        boolean otherScheme = token.permits("Basic twenty-four-characters-or-more");

        // Then
        assertTrue(right);
        assertFalse(otherCase);
        assertFalse(otherScheme);
        assertFalse(token.permits(null));
        assertFalse(new PermissionToken(null).permits("Bearer "));
        assertFalse(new PermissionToken(null).permits(null));
        String message = assertThrows(IllegalArgumentException.class, () -> new PermissionToken("too-short"))
                .getMessage();
        assertFalse(message.contains("too-short"), message);
    }
}
