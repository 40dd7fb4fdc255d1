package io.leukostream.schemas;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class DeadlineTest {
    @Test
    void aWaitWithoutEndIsInterruptedAndNothingOfThatIsLeft() {
        try (Deadline _ = new Deadline(Duration.ofMillis(50))) {
            assertThrows(InterruptedException.class, () -> new CompletableFuture<String>().get());
        }
        assertFalse(Thread.currentThread().isInterrupted());
    }

    @Test
    void whatRingsUnheardLeavesNoInterruptionEither() throws InterruptedException {
        try (Deadline _ = new Deadline(Duration.ofMillis(1))) {
            while (!Thread.currentThread().isInterrupted()) {
                Thread.onSpinWait();
            }
        }
        assertFalse(Thread.currentThread().isInterrupted());
        Thread.sleep(1);
    }

    @Test
    void whatEndsInTimeIsNeverInterrupted() throws InterruptedException {
        for (int k = 0; k < 1000; k++) {
            try (Deadline _ = new Deadline(Duration.ofMillis(20))) {
                Thread.onSpinWait();
            }
        }
        Thread.sleep(60);
        assertFalse(Thread.currentThread().isInterrupted());
    }
}
