package io.leukostream.standalone.supervisor;

import java.io.IOException;
import java.time.Duration;

/**
 * A Java agent that ends its process when the parent is gone, however that died: the parent holds the other end of the
 * child's standard input, so the end of that stream is the parent's end. The argument is how many milliseconds to wait
 * first, so that the services can still take leave of the broker.
 */
public final class ParentWatch {
    private static final Duration SHUTDOWN_LIMIT = Duration.ofSeconds(15);

    private ParentWatch() {}

    /** Called by the JVM before the child's own main method. */
    public static void premain(String delayMillis) {
        Duration delay = Duration.ofMillis(Long.parseLong(delayMillis));
        Thread.ofPlatform().daemon().name("parent-watch").start(() -> {
            awaitEndOfInput();
            sleep(delay);
            Thread.ofPlatform().daemon().name("parent-watch-halt").start(() -> {
                sleep(SHUTDOWN_LIMIT);
                Runtime.getRuntime().halt(143);
            });
            System.exit(143);
        });
    }

    private static void awaitEndOfInput() {
        try {
            while (System.in.read() >= 0) {
                // The parent never writes; whatever comes is not for us.
            }
        } catch (IOException e) {
            System.err.println("the pipe to the supervisor broke: " + e.getMessage());
        }
    }

    private static void sleep(Duration duration) {
        try {
            Thread.sleep(duration);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
