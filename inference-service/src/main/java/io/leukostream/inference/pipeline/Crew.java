package io.leukostream.inference.pipeline;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.jboss.logging.Logger;

/** Threads of one task that are started and ended together. */
final class Crew implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Crew.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** What a thread does until it is interrupted. */
    @FunctionalInterface
    interface Task {
        void run() throws InterruptedException;
    }

    private final List<Thread> threads;

    private Crew(List<Thread> threads) {
        this.threads = threads;
    }

    static Crew start(String name, int size, Task task) {
        List<Thread> threads = IntStream.rangeClosed(1, size)
                .mapToObj(number -> Thread.ofPlatform()
                        .name(name + "-" + number)
                        .daemon()
                        .unstarted(() -> {
                            try {
                                task.run();
                            } catch (InterruptedException e) {
                                LOG.debugf("%s-%d ends", name, number);
                            }
                        }))
                .toList();
        threads.forEach(Thread::start);
        return new Crew(threads);
    }

    boolean isAlive() {
        return threads.stream().allMatch(Thread::isAlive);
    }

    @Override
    public void close() {
        threads.forEach(Thread::interrupt);
        for (Thread thread : threads) {
            try {
                if (!thread.join(PATIENCE)) {
                    LOG.warnf("%s did not end within %s", thread.getName(), PATIENCE);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
