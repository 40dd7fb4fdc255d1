package io.leukostream.ingest.vault;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Empty databases for tests, of the make that is tried; where PostgreSQL is not installed its half is skipped, saying so. */
final class Databases implements AutoCloseable {
    enum Make {
        H2,
        POSTGRESQL
    }

    private @Nullable PostgresServer server;

    /** The URL of an empty database. */
    String empty(Make make, Path folder) throws Exception {
        if (make == Make.H2) {
            return "jdbc:h2:file:" + folder.resolve("vault")
                    + ";WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE;TRACE_LEVEL_FILE=0;LOCK_TIMEOUT=10000";
        }
        assumeTrue(
                PostgresServer.installed().isPresent(),
                "no PostgreSQL below /usr/lib/postgresql (Debian: postgresql): the vault is not tried on it");
        if (server == null) {
            server = PostgresServer.start();
        }
        return server.newDatabase();
    }

    /** The server, once it had to make a database. */
    PostgresServer server() {
        if (server == null) {
            throw new IllegalStateException("no test has asked for a PostgreSQL yet");
        }
        return server;
    }

    @Override
    public void close() throws IOException {
        if (server != null) {
            server.close();
            server = null;
        }
    }
}
