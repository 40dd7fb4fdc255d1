package io.leukostream.standalone.cli;

import io.leukostream.schemas.Identity;
import io.leukostream.simulator.ImageKind;
import io.leukostream.simulator.ImageTruth;
import io.leukostream.simulator.ReviewOutcome;
import io.leukostream.simulator.SimulatedHaematologist;
import io.leukostream.simulator.SyntheticWard;
import io.leukostream.simulator.Ward;
import io.leukostream.standalone.client.Endpoints;
import io.leukostream.standalone.supervisor.Deployment;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * The small simulated ward of a new data folder: scanners push its images as any scanner would, and a simulated
 * haematologist labels the cells that results draws, under a name that says what it is.
 */
final class DemoWard {
    private static final long SEED = 20_261_123;
    private static final int PATIENTS = 4;
    private static final int CELLS_PER_PATIENT = 60;
    private static final int MOST_LABELS = 60;
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private DemoWard() {}

    /** Pushes the ward while the caller goes on; what happens is told to the stream. */
    static void start(Deployment deployment, PrintStream events) {
        Thread.ofPlatform().daemon().name("demo-ward").start(() -> {
            try {
                push(deployment, events);
            } catch (IOException e) {
                events.println("The simulated ward could not be filled: " + e.getMessage());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private static void push(Deployment deployment, PrintStream events) throws IOException, InterruptedException {
        Endpoints endpoints = Endpoints.local(deployment.portBase());
        Ward ward = SyntheticWard.plan(PATIENTS, OptionalDouble.empty(), CELLS_PER_PATIENT, ImageKind.CELL, SEED);
        Map<String, ImageTruth> truthByImageId = WardPush.push(endpoints, ward);
        Set<String> specimenIds = new LinkedHashSet<>();
        truthByImageId.keySet().stream().sorted().map(Identity::specimenIdOf).forEach(specimenIds::add);
        try (SimulatedHaematologist haematologist =
                new SimulatedHaematologist(URI.create(endpoints.results()), truthByImageId, PATIENCE)) {
            for (String specimenId : specimenIds) {
                ReviewOutcome outcome = haematologist.review(specimenId, MOST_LABELS, PATIENCE);
                events.println("Simulated ward: " + specimenId + " is " + outcome.state() + " after " + outcome.labels()
                        + " labels by a simulated haematologist");
            }
        }
    }
}
