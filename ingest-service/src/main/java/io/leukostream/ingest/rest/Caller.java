package io.leukostream.ingest.rest;

import jakarta.inject.Singleton;

/** The one place that names who sent a request. Without sign-on, whoever can reach the loopback address is one actor. */
@Singleton
final class Caller {
    private static final String LOCAL = "local";

    String name() {
        return LOCAL;
    }
}
