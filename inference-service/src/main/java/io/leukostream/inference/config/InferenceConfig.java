package io.leukostream.inference.config;

import io.leukostream.inference.messaging.Role;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/** The service's configuration; {@code LEUKOSTREAM_*} environment variables override it. */
@ConfigMapping(prefix = "leukostream")
public interface InferenceConfig {
    /** The broker. */
    Kafka kafka();

    /** The schema registry. */
    Registry registry();

    /** Where the service answers. */
    Http http();

    /** Limits on one image. */
    Image image();

    /** The model bundle. */
    Model model();

    /** How much is done in one transaction. */
    Lane lane();

    /** How work is laid on the hardware. */
    Compute compute();

    /** The service's own folder: native code that was unpacked, compiled networks, what is in progress. */
    @WithDefault(".leukostream/inference")
    Path data();

    /** Whether its outcomes count ({@code serving}), or are those of a bundle on trial ({@code shadow}). */
    @WithDefault("serving")
    Role role();

    /**
     * Status with which the last process of this instance ended, if whoever starts it knows: a process that somebody killed
     * died of no image.
     */
    OptionalInt previousExit();

    /** Names this instance among others: suffix of its transactional ids and group instance ids. */
    @WithDefault("1")
    String instance();

    /** The broker. */
    interface Kafka {
        /** Where clients connect first. */
        @WithDefault("127.0.0.1:8092")
        String bootstrapServers();

        /** After this silence the group gives the instance's partitions to another. */
        @WithDefault("10s")
        Duration sessionTimeout();

        /** After this time the broker aborts a transaction that was left open. */
        @WithDefault("30s")
        Duration transactionTimeout();
    }

    /** The schema registry. */
    interface Registry {
        /** Its core API. */
        @WithDefault("http://127.0.0.1:8085/apis/registry/v3")
        String url();
    }

    /** Where the service answers. */
    interface Http {
        /** The address that it binds to. */
        @WithDefault("127.0.0.1")
        String host();

        /** Its port. */
        @WithDefault("8082")
        int port();
    }

    /** Limits on one image. */
    interface Image {
        /** The largest file, bytes; broker, topics and ingest must agree. */
        @WithDefault("25165824")
        int maxBytes();

        /** The most pixels that a header may claim. */
        @WithDefault("100000000")
        long maxPixels();
    }

    /** The model bundle. */
    interface Model {
        /** Folder of one bundle. */
        @WithDefault("models/leukostream-cells/2.4.0")
        Path directory();

        /** What the network runs on. */
        @WithDefault("auto")
        WantedProvider provider();
    }

    /** The providers that can be asked for. */
    enum WantedProvider {
        /** The best that works here. */
        AUTO,
        CPU,
        CUDA,
        TENSORRT;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** How much is done in one transaction. */
    interface Lane {
        /** The most images. */
        @WithDefault("64")
        int maxRecords();

        /** No further image is taken once the batch has this many bytes. */
        @WithDefault("8388608")
        int maxBytes();
    }

    /** How work is laid on the hardware. */
    interface Compute {
        /** Threads that decode, and on a CPU also infer; one per core where not given. */
        Optional<Integer> workers();

        /**
         * The most cells of one call of the network; 1 on a CPU and 64 on a GPU where not given. With more than one a cell's
         * probability can differ in its last digit by what else is in the call, and with it the evidence hash.
         */
        Optional<Integer> maxCells();

        /** On a GPU, how long a batch that is not full waits for more cells. */
        @WithDefault("2ms")
        Duration maxWait();
    }
}
