package io.leukostream.results.rest;

import io.leukostream.results.shadow.ShadowComparison;
import io.leukostream.results.shadow.ShadowComparison.Differing;
import io.leukostream.results.shadow.ShadowComparison.NotCompared;
import io.leukostream.results.shadow.ShadowComparison.Result;
import io.leukostream.results.shadow.ShadowLog;
import io.leukostream.results.shadow.ShadowLog.Trial;
import io.leukostream.results.topology.ResultsStores;
import io.leukostream.results.topology.SpecimenSums;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/** What a bundle on trial would have said. Nothing here changes a verdict. */
@Path("/api/v1/shadow")
@Produces(MediaType.APPLICATION_JSON)
@Blocking
public class ShadowResource {
    private final ShadowLog log;
    private final ResultsStores stores;
    private final ShadowComparison comparison;
    private final Semaphore running = new Semaphore(1);

    ShadowResource(ShadowLog log, ResultsStores stores, ShadowComparison comparison) {
        this.log = log;
        this.stores = stores;
        this.comparison = comparison;
    }

    /** A bundle that ran as a shadow. */
    public record Bundle(String name, String version, String sha256, int images) {
        static Bundle of(Trial trial) {
            var model = trial.bundle();
            return new Bundle(model.getName(), model.getVersion(), model.getBundleSha256(), trial.images());
        }
    }

    /** All patients, by both bundles. */
    public record Comparison(
            Bundle bundle,
            int patientsCompared,
            int patientsDiffer,
            int cellsCompared,
            int cellsCalledDifferently,
            List<Differing> differing,
            List<NotCompared> notCompared,
            boolean researchUseOnly) {}

    /** The bundles that ran as shadows. */
    @GET
    public List<Bundle> bundles() {
        return bundlesRead().values().stream().map(Bundle::of).toList();
    }

    /**
     * Compares the serving bundle with one that ran as a shadow.
     *
     * @param wanted its name/version or the beginning of its SHA-256; may be missing where there is only one
     */
    @GET
    @Path("comparison")
    public Comparison comparison(@QueryParam("bundle") @Nullable String wanted) {
        if (!running.tryAcquire()) {
            throw Problem.unavailable(
                    "COMPARISON_RUNNING", "Another comparison is running", "One is made at a time; ask again later.");
        }
        try {
            return compared(trial(bundlesRead(), wanted));
        } catch (KafkaException e) {
            throw unavailable(e);
        } catch (ShadowLog.TooManyException e) {
            throw Problem.unprocessable(
                    "SHADOW_TOO_LARGE",
                    "Too many outcomes to compare at once",
                    e.getMessage() + " leukostream.shadow.most-bytes sets the limit.");
        } finally {
            running.release();
        }
    }

    private Comparison compared(Trial trial) throws ShadowLog.TooManyException {
        Map<String, SpecimenSums> sums = stores.sums();
        ShadowComparison.Running comparing = comparison.begin();
        // Streams, so that the images of one specimen at a time are in memory.
        log.read(
                trial.bundle().getBundleSha256(),
                sums.keySet(),
                (specimenIds, outcomes) -> comparing.add(
                        specimenIds.stream()
                                .map(id -> new ShadowComparison.Specimen(
                                        id,
                                        Objects.requireNonNull(sums.get(id)),
                                        stores.images(id),
                                        stores.reviews(id))),
                        outcomes));
        Result result = comparing.result();
        return new Comparison(
                Bundle.of(trial),
                result.patientsCompared(),
                result.differing().size(),
                result.cells(),
                result.calledDifferently(),
                result.differing(),
                result.notCompared(),
                true);
    }

    private Map<String, Trial> bundlesRead() {
        try {
            return log.bundles();
        } catch (KafkaException e) {
            throw unavailable(e);
        }
    }

    private static Problem unavailable(KafkaException e) {
        return Problem.unavailable(
                "BROKER_UNAVAILABLE", "The shadow's outcomes cannot be read", String.valueOf(e.getMessage()));
    }

    private static Trial trial(Map<String, Trial> trials, @Nullable String wanted) {
        List<Trial> matching = trials.values().stream()
                .filter(trial -> wanted == null
                        || wanted.isBlank()
                        || trial.bundle().getBundleSha256().startsWith(wanted)
                        || wanted.equals(
                                trial.bundle().getName() + "/" + trial.bundle().getVersion()))
                .toList();
        if (matching.isEmpty()) {
            throw Problem.notFound("shadow bundle", wanted == null ? "" : wanted);
        }
        if (matching.size() > 1) {
            throw Problem.unprocessable(
                    "BUNDLE_AMBIGUOUS",
                    "Which bundle?",
                    "Name one by its SHA-256: "
                            + matching.stream()
                                    .map(trial -> trial.bundle().getName() + "/"
                                            + trial.bundle().getVersion() + " "
                                            + trial.bundle().getBundleSha256())
                                    .toList());
        }
        return matching.getFirst();
    }
}
