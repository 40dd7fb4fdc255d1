package io.leukostream.embedded;

import io.leukostream.schemas.ImageLimit;
import java.nio.file.Path;

/** The broker as a process of its own: {@code BrokerMain <folder> <port> <image bytes>}; ends cleanly on SIGTERM. */
public final class BrokerMain {
    private BrokerMain() {}

    public static void main(String[] arguments) {
        if (arguments.length != 3) {
            throw new IllegalArgumentException("expected <folder> <port> <image bytes>");
        }
        EmbeddedBroker broker = EmbeddedBroker.start(
                Path.of(arguments[0]), Integer.parseInt(arguments[1]), new ImageLimit(Integer.parseInt(arguments[2])));
        Runtime.getRuntime().addShutdownHook(new Thread(broker::close, "broker-shutdown"));
        broker.awaitShutdown();
    }
}
