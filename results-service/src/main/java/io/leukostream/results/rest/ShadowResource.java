package io.leukostream.results.rest;

import io.leukostream.results.shadow.ShadowComparison;
import io.leukostream.results.shadow.ShadowComparison.Differing;
import io.leukostream.results.shadow.ShadowComparison.NotCompared;
import io.leukostream.results.shadow.ShadowComparison.Result;
import io.leukostream.results.shadow.ShadowLog;
import io.leukostream.results.shadow.ShadowLog.Trial;
import io.leukostream.results.topology.ResultsStores;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
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

    ShadowResource(ShadowLog log, ResultsStores stores, ShadowComparison comparison) {
        this.log = log;
        this.stores = stores;
        this.comparison = comparison;
    }

    /** A bundle that ran as a shadow. */
    public record Bundle(String name, String version, String sha256, int images) {
        static Bundle of(Trial trial) {
            var model = trial.bundle();
            return new Bundle(
                    model.getName(),
                    model.getVersion(),
                    model.getBundleSha256(),
                    trial.outcomes().size());
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
        return read().values().stream().map(Bundle::of).toList();
    }

    /**
     * Compares the serving bundle with one that ran as a shadow.
     *
     * @param wanted its name/version or the beginning of its SHA-256; may be missing where there is only one
     */
    @GET
    @Path("comparison")
    public Comparison comparison(@QueryParam("bundle") @Nullable String wanted) {
        Trial trial = trial(read(), wanted);
        // A stream, so that the images of one specimen at a time are in memory.
        Stream<ShadowComparison.Specimen> specimens = stores.sums().entrySet().stream()
                .map(entry -> new ShadowComparison.Specimen(
                        entry.getKey(),
                        entry.getValue(),
                        stores.images(entry.getKey()),
                        stores.reviews(entry.getKey())));
        Result result = comparison.compare(specimens, trial.outcomes());
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

    private Map<String, Trial> read() {
        try {
            return log.read();
        } catch (KafkaException e) {
            throw Problem.unavailable(
                    "BROKER_UNAVAILABLE", "The shadow's outcomes cannot be read", String.valueOf(e.getMessage()));
        }
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
