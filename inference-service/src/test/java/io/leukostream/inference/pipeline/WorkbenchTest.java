package io.leukostream.inference.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.leukostream.inference.Fixtures;
import io.leukostream.inference.TestDelivery;
import io.leukostream.inference.bundle.ModelBundle;
import io.leukostream.inference.domain.CellClassifier;
import io.leukostream.inference.domain.Delivery;
import io.leukostream.inference.domain.ImagePreparer;
import io.leukostream.inference.domain.InfrastructureException;
import io.leukostream.inference.domain.Kind;
import io.leukostream.inference.domain.Outcome;
import io.leukostream.inference.domain.Priority;
import io.leukostream.inference.domain.RejectionReason;
import io.leukostream.inference.onnx.OnnxRuntime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Both layouts, with the real network on the processor. */
class WorkbenchTest {
    private static final int MAX_BYTES = 24 << 20;
    /** Calls of another number of cells take their sums in another order (docs/adr/0010): one unit of the last of four decimals. */
    private static final double LAST_DIGITS = 1.5e-4;

    private final ModelBundle bundle = Fixtures.bundle();
    private final ImagePreparer preparer = Fixtures.preparer(bundle);
    private final OnnxRuntime runtime = Fixtures.runtime(bundle);

    @Test
    void bothLayoutsGiveTheSameOutcomesInTheOrderOfDelivery() throws Exception {
        // Given
        List<Delivery> deliveries = deliveries(40);

        // When
        List<String> perCore;
        List<String> pool;
        try (Workbench workbench = perCore(preparer, 1)) {
            perCore = described(outcomes(workbench, deliveries));
        }
        try (Workbench workbench = pool(preparer, 1)) {
            pool = described(outcomes(workbench, deliveries));
        }

        // Then
        assertEquals(perCore, pool);
        assertEquals(40, perCore.size());
        for (int k = 0; k < 40; k++) {
            assertEquals("test-0@" + k, perCore.get(k).split(" ", -1)[0]);
        }
    }

    @Test
    void callsOfSeveralCellsSayTheSameButForTheLastDigit() throws Exception {
        // Given
        List<Delivery> deliveries = deliveries(40);

        // When
        List<Outcome> single;
        List<Outcome> four;
        List<Outcome> eight;
        try (Workbench workbench = perCore(preparer, 1)) {
            single = outcomes(workbench, deliveries);
        }
        try (Workbench workbench = perCore(preparer, 4)) {
            four = outcomes(workbench, deliveries);
        }
        try (Workbench workbench = pool(preparer, 8)) {
            eight = outcomes(workbench, deliveries);
        }

        // Then
        for (List<Outcome> several : List.of(four, eight)) {
            assertEquals(boxes(single), boxes(several));
            assertArrayEquals(probabilities(single), probabilities(several), LAST_DIGITS);
        }
    }

    @Test
    void aPoisonImageCostsItselfAlone() throws Exception {
        // Given
        List<Delivery> deliveries = deliveries(10);
        byte[] good = Fixtures.golden("jpeg-450.jpg");
        deliveries.set(4, TestDelivery.of(4, Kind.CELL, OptionalDouble.empty(), Arrays.copyOf(good, good.length / 3)));

        // When
        List<Outcome> outcomes;
        try (Workbench workbench = perCore(preparer)) {
            outcomes = workbench.start(Priority.ROUTINE, deliveries).get(60, TimeUnit.SECONDS);
        }

        // Then
        for (int k = 0; k < 10; k++) {
            if (k == 4) {
                Outcome.Rejected rejected = assertInstanceOf(Outcome.Rejected.class, outcomes.get(k));
                assertEquals(RejectionReason.IMAGE_TRUNCATED, rejected.reason());
            } else {
                assertInstanceOf(Outcome.Classified.class, outcomes.get(k));
            }
        }
    }

    @Test
    void anImageThatFailsUnforeseenIsTriedOnceMoreAndThenRejected() throws Exception {
        // Given
        AtomicInteger once = new AtomicInteger();
        AtomicInteger always = new AtomicInteger();
        ImagePreparer failing = image -> switch (image.file().remaining() % 3) {
            case 0 -> throw new IllegalStateException("unforeseen, attempt " + always.incrementAndGet());
            case 1 -> {
                if (once.getAndIncrement() == 0) {
                    throw new IllegalStateException("unforeseen, once");
                }
                yield preparer.prepare(image);
            }
            default -> preparer.prepare(image);
        };
        byte[] jpeg = Fixtures.golden("jpeg-450.jpg");
        List<Delivery> deliveries = new ArrayList<>();
        for (int k = 0; k < 3; k++) {
            byte[] padded = Arrays.copyOf(jpeg, jpeg.length - jpeg.length % 3 + 3 + k);
            deliveries.add(TestDelivery.of(k, Kind.CELL, OptionalDouble.empty(), padded));
        }

        // When
        List<Outcome> outcomes;
        try (Workbench workbench = perCore(failing)) {
            outcomes = workbench.start(Priority.ROUTINE, deliveries).get(60, TimeUnit.SECONDS);
        }

        // Then
        assertEquals(
                RejectionReason.PROCESSING_FAILED,
                assertInstanceOf(Outcome.Rejected.class, outcomes.get(0)).reason());
        assertEquals(2, always.get());
        assertInstanceOf(Outcome.Classified.class, outcomes.get(1));
        assertInstanceOf(Outcome.Classified.class, outcomes.get(2));
    }

    @Test
    void aNetworkThatCannotBeRunIsNoOutcomeAndIsOpenedAnew() throws Exception {
        // Given
        AtomicInteger opened = new AtomicInteger();
        Supplier<CellClassifier> classifiers = () -> {
            if (opened.getAndIncrement() == 0) {
                throw new InfrastructureException("the GPU fell off the bus");
            }
            return runtime.classifier(4);
        };
        List<Delivery> deliveries = deliveries(3);

        // When
        ExecutionException failed;
        List<Outcome> outcomes;
        try (Workbench workbench = new DecodePool(inspector(preparer), classifiers, 1, 4, Duration.ofMillis(1))) {
            failed = assertThrows(
                    ExecutionException.class,
                    () -> workbench.start(Priority.ROUTINE, deliveries).get(60, TimeUnit.SECONDS));
            outcomes = workbench.start(Priority.ROUTINE, deliveries).get(60, TimeUnit.SECONDS);
        }

        // Then
        assertInstanceOf(InfrastructureException.class, failed.getCause());
        assertEquals(3, outcomes.size());
    }

    private static List<Delivery> deliveries(int count) {
        List<byte[]> files = List.of(
                Fixtures.golden("large-450.png"),
                Fixtures.golden("jpeg-450.jpg"),
                Fixtures.golden("specks-220x200.png"),
                Fixtures.golden("two-components-640x480.png"));
        List<Delivery> deliveries = new ArrayList<>();
        for (int k = 0; k < count; k++) {
            deliveries.add(TestDelivery.of(k, Kind.CELL, OptionalDouble.empty(), files.get(k % files.size())));
        }
        return deliveries;
    }

    private static List<Outcome> outcomes(Workbench workbench, List<Delivery> deliveries) throws Exception {
        return workbench.start(Priority.ROUTINE, deliveries).get(60, TimeUnit.SECONDS);
    }

    private static List<String> described(List<Outcome> outcomes) {
        return described(outcomes, cell -> cell.box() + " " + cell.blastProbability());
    }

    private static List<String> boxes(List<Outcome> outcomes) {
        return described(outcomes, cell -> cell.box().toString());
    }

    private static List<String> described(List<Outcome> outcomes, Function<Outcome.CalledCell, String> each) {
        return outcomes.stream()
                .map(outcome -> switch (outcome) {
                    case Outcome.Classified c ->
                        c.source() + " " + c.cells().stream().map(each).toList();
                    case Outcome.Rejected r -> r.source() + " " + r.reason();
                })
                .toList();
    }

    private static double[] probabilities(List<Outcome> outcomes) {
        return outcomes.stream()
                .filter(Outcome.Classified.class::isInstance)
                .flatMap(outcome -> ((Outcome.Classified) outcome).cells().stream())
                .mapToDouble(cell -> cell.blastProbability())
                .toArray();
    }

    private Workbench perCore(ImagePreparer with) {
        return perCore(with, 4);
    }

    private Workbench perCore(ImagePreparer with, int cells) {
        return new WorkerPerCore(inspector(with), () -> runtime.classifier(cells), 2, cells);
    }

    private Workbench pool(ImagePreparer with, int cells) {
        return new DecodePool(inspector(with), () -> runtime.classifier(cells), 2, cells, Duration.ofMillis(2));
    }

    private Inspector inspector(ImagePreparer with) {
        return new Inspector(with, bundle.description(), MAX_BYTES, MAX_BYTES);
    }
}
