package io.leukostream.inference.messaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leukostream.inference.domain.Priority;
import io.leukostream.inference.domain.Source;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CrashJournalTest {
    private static final Source GOOD = new Source("smear.images", 3, 41);
    private static final Source BAD = new Source("smear.images", 4, 7);
    private static final Source OTHER = new Source("smear.images.stat", 0, 1);

    @TempDir
    Path folder;

    @Test
    void whatDiedTogetherIsTriedAloneAndWhatDiedTwiceAloneIsGuilty() {
        // Given
        new CrashJournal(folder, OptionalInt.empty()).begin(Priority.ROUTINE, List.of(GOOD, BAD));

        // When
        CrashJournal second = new CrashJournal(folder, OptionalInt.empty());
        boolean bothSuspect = second.isSuspect(GOOD) && second.isSuspect(BAD);
        second.begin(Priority.ROUTINE, List.of(GOOD));
        second.end(Priority.ROUTINE, List.of(GOOD));
        second.acquit(List.of(GOOD));
        second.begin(Priority.ROUTINE, List.of(BAD));
        CrashJournal third = new CrashJournal(folder, OptionalInt.empty());
        boolean guiltyAfterOne = third.isGuilty(BAD);
        third.begin(Priority.ROUTINE, List.of(BAD));
        CrashJournal fourth = new CrashJournal(folder, OptionalInt.empty());

        // Then
        assertTrue(bothSuspect);
        assertFalse(third.isSuspect(GOOD));
        assertFalse(guiltyAfterOne);
        assertTrue(fourth.isGuilty(BAD));
    }

    @Test
    void whatWasInProgressInTheOtherLaneToKeepsAnImageFromBeingAlone() {
        // Given
        for (int death = 0; death < 4; death++) {
            CrashJournal journal = new CrashJournal(folder, OptionalInt.empty());
            journal.begin(Priority.ROUTINE, List.of(BAD));
            journal.begin(Priority.STAT, List.of(OTHER));
        }

        // When
        CrashJournal journal = new CrashJournal(folder, OptionalInt.empty());

        // Then
        assertTrue(journal.isSuspect(BAD));
        assertFalse(journal.isGuilty(BAD));
    }

    @Test
    void aCleanEndLeavesNoSuspects() {
        // Given
        CrashJournal journal = new CrashJournal(folder, OptionalInt.empty());
        journal.begin(Priority.STAT, List.of(OTHER));
        journal.end(Priority.STAT, List.of(OTHER));

        // When
        CrashJournal next = new CrashJournal(folder, OptionalInt.empty());

        // Then
        assertEquals(false, next.isSuspect(OTHER));
    }

    @Test
    void aProcessThatSomebodyKilledDiedOfNoImageUnlessItIsKilledAgainAndAgain() {
        // Given
        new CrashJournal(folder, OptionalInt.empty()).begin(Priority.ROUTINE, List.of(BAD));

        // When
        boolean guilty = false;
        for (int kill = 1; kill <= 4; kill++) {
            CrashJournal next = new CrashJournal(folder, OptionalInt.of(137));
            guilty |= next.isGuilty(BAD);
            next.begin(Priority.ROUTINE, List.of(BAD));
        }
        CrashJournal fifth = new CrashJournal(folder, OptionalInt.of(137));

        // Then
        assertFalse(guilty);
        assertTrue(fifth.isGuilty(BAD));
    }

    @Test
    void aCrashCountsAsOneWhateverWasKilledBefore() {
        // Given
        new CrashJournal(folder, OptionalInt.empty()).begin(Priority.ROUTINE, List.of(BAD));
        new CrashJournal(folder, OptionalInt.of(139)).begin(Priority.ROUTINE, List.of(BAD));
        new CrashJournal(folder, OptionalInt.of(137)).begin(Priority.ROUTINE, List.of(BAD));

        // When
        CrashJournal next = new CrashJournal(folder, OptionalInt.of(134));

        // Then
        assertTrue(next.isGuilty(BAD));
    }
}
