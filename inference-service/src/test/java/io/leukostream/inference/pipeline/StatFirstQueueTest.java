package io.leukostream.inference.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leukostream.inference.domain.Priority;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StatFirstQueueTest {
    @Test
    void statGoesFirstAndEachLaneKeepsItsOrder() throws InterruptedException {
        // Given
        StatFirstQueue<String> queue = new StatFirstQueue<>();
        queue.put(Priority.ROUTINE, "r1");
        queue.put(Priority.ROUTINE, "r2");
        queue.put(Priority.STAT, "s1");
        queue.put(Priority.STAT, "s2");

        // When
        List<String> taken = List.of(queue.take(), queue.take(), queue.take(), queue.take());

        // Then
        assertEquals(List.of("s1", "s2", "r1", "r2"), taken);
    }

    @Test
    void aFloodOfStatDoesNotStopRoutine() throws InterruptedException {
        // Given
        StatFirstQueue<String> queue = new StatFirstQueue<>();
        queue.put(Priority.ROUTINE, "routine");
        for (int k = 0; k < 100; k++) {
            queue.put(Priority.STAT, "stat");
        }

        // When
        List<String> taken = new ArrayList<>();
        for (int k = 0; k < 101; k++) {
            taken.add(queue.take());
        }

        // Then
        int routineAt = taken.indexOf("routine");
        assertTrue(routineAt > 0 && routineAt < 30, "routine came at " + routineAt);
    }

    @Test
    void pollGivesUp() throws InterruptedException {
        assertNull(new StatFirstQueue<String>().poll(1_000_000));
    }
}
