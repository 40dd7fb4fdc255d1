package io.leukostream.inference.messaging;

import io.leukostream.inference.Fixtures;
import io.leukostream.inference.bundle.ModelBundle;
import io.leukostream.inference.domain.ImagePreparer;
import io.leukostream.inference.domain.Outcome;
import io.leukostream.inference.domain.Priority;
import io.leukostream.inference.onnx.OnnxRuntime;
import io.leukostream.inference.pipeline.Inspector;
import io.leukostream.inference.pipeline.Workbench;
import io.leukostream.inference.pipeline.WorkerPerCore;
import io.leukostream.schemas.ImageLimit;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.locks.LockSupport;

/** The real lanes in a process that an image may end: by its last byte, a mark. */
final class DyingProcess {
    /** Dies of it as if by native code. */
    static final byte FATAL = 0x5A;
    /** Runs out of heap over it. */
    static final byte GREEDY = 0x5B;

    /** Does not come back from it. */
    static final byte HANGING = 0x5C;

    static final int STATUS = 134;
    /** Longer than a sound batch takes here, whatever else the machine does. */
    private static final Duration LONGEST_WORK = Duration.ofSeconds(10);

    private DyingProcess() {}

    /** Broker, registry and the data folder. */
    public static void main(String[] arguments) throws InterruptedException {
        ModelBundle bundle = Fixtures.bundle();
        ImagePreparer preparer = Fixtures.preparer(bundle);
        OnnxRuntime runtime = Fixtures.runtime(bundle);
        ImageLimit limit = ImageLimit.DEFAULT;
        ImagePreparer dying = image -> {
            ByteBuffer file = image.file();
            switch (file.get(file.limit() - 1)) {
                case FATAL -> Runtime.getRuntime().halt(STATUS);
                case GREEDY -> throw new OutOfMemoryError("Java heap space");
                case HANGING -> hang();
                default -> {
                    // sound
                }
            }
            return preparer.prepare(image);
        };
        Workbench workbench = new WorkerPerCore(
                new Inspector(dying, bundle.description(), limit.imageBytes(), limit.maxRecordBytes()),
                () -> runtime.classifier(8),
                1,
                8);
        LaneSettings settings = new LaneSettings(
                arguments[0],
                arguments[1],
                "1",
                limit,
                64,
                8 << 20,
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                LONGEST_WORK,
                Role.SERVING,
                bundle.description().bundleSha256());
        Lanes lanes = Lanes.start(
                settings, bundle.description(), workbench, Path.of(arguments[2]), OptionalInt.empty(), new Silent());
        // What liveness says, and what the supervisor then does.
        while (lanes.isAlive() && workbench.isAlive()) {
            Thread.sleep(100);
        }
        Runtime.getRuntime().halt(STATUS);
    }

    /** As native code does: no interrupt ends it. */
    private static void hang() {
        while (true) {
            LockSupport.parkNanos(Long.MAX_VALUE);
        }
    }

    private static final class Silent implements LaneObserver {
        @Override
        public void published(Priority lane, List<Outcome> outcomes, long nanos) {
            // the topics tell
        }

        @Override
        public void lag(Priority lane, long images) {
            // the topics tell
        }

        @Override
        public void brokeOff(Priority lane) {
            // the topics tell
        }
    }
}
