package io.leukostream.inference.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import io.leukostream.inference.domain.CellBox;
import io.leukostream.inference.domain.CellClassifier;
import io.leukostream.inference.domain.InfrastructureException;
import io.leukostream.inference.domain.ModelDescription;
import io.leukostream.inference.domain.PreparedCell;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A network on the hardware that was chosen for it; makes one classifier for each thread that asks. ONNX Runtime 1.29 reads
 * the command line of its process with a recursive expression: a class path of 30 kB there overflows the stack, so the
 * service is started with {@code -jar} or an argument file.
 */
public final class OnnxRuntime {
    private final ModelDescription model;
    private final Path network;
    private final Path cacheFolder;
    private final Provider provider;
    private final List<String> whyNotBetter;

    private OnnxRuntime(
            ModelDescription model, Path network, Path cacheFolder, Provider provider, List<String> whyNotBetter) {
        this.model = model;
        this.network = network;
        this.cacheFolder = cacheFolder;
        this.provider = provider;
        this.whyNotBetter = List.copyOf(whyNotBetter);
    }

    /**
     * Takes the provider that was asked for, or the best that loads and runs this network.
     *
     * @param wanted empty for the best
     * @param network model.onnx
     * @param cacheFolder exists; for what a provider compiles
     * @throws IllegalStateException if the provider asked for does not work here, or none does
     */
    public static OnnxRuntime open(Optional<Provider> wanted, ModelDescription model, Path network, Path cacheFolder) {
        Telemetry.turnOff();
        List<String> whyNotBetter = new ArrayList<>();
        List<Provider> candidates = wanted.map(List::of).orElse(List.of(Provider.values()));
        for (Provider candidate : candidates) {
            OnnxRuntime runtime = new OnnxRuntime(model, network, cacheFolder, candidate, whyNotBetter);
            Optional<String> obstacle = runtime.obstacle();
            if (obstacle.isEmpty()) {
                return runtime;
            }
            whyNotBetter.add(candidate + ": " + obstacle.get());
        }
        throw new IllegalStateException("the network cannot be run: " + String.join("; ", whyNotBetter));
    }

    /** What the network runs on. */
    public Provider provider() {
        return provider;
    }

    /** For each better provider why it was not taken; empty if this is the best or was asked for. */
    public List<String> whyNotBetter() {
        return whyNotBetter;
    }

    /** The version of ONNX Runtime. */
    public String version() {
        return OrtEnvironment.getEnvironment().getVersion();
    }

    /**
     * Makes a classifier for the calling thread, which owns it.
     *
     * @param maxCells the most cells of one call; its buffers are made for that many
     * @throws InfrastructureException if the session cannot be opened
     */
    public CellClassifier classifier(int maxCells) {
        try {
            return openClassifier(maxCells);
        } catch (OrtException e) {
            throw new InfrastructureException("no session could be opened on " + provider, e);
        }
    }

    private OnnxCellClassifier openClassifier(int maxCells) throws OrtException {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1);
            options.setInterOpNumThreads(1);
            options.setExecutionMode(OrtSession.SessionOptions.ExecutionMode.SEQUENTIAL);
            options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
            options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
            if (provider.isGpu()) {
                // Batches differ in size, and a pattern for each would hold GPU memory for ever.
                options.setMemoryPatternOptimization(false);
            }
            provider.addTo(options, cacheFolder);
            return new OnnxCellClassifier(
                    environment, environment.createSession(network.toString(), options), model, maxCells);
        }
    }

    /** Why the provider does not work here; empty if it ran the network. */
    private Optional<String> obstacle() {
        if (!OrtEnvironment.getAvailableProviders().contains(provider.runtimeName())) {
            return Optional.of("this build has ONNX Runtime without it (build with -Pgpu)");
        }
        try (OnnxCellClassifier trial = openClassifier(1)) {
            trial.answers(List.of(PreparedCells.blank(model.inputSidePx())));
            return Optional.empty();
        } catch (OrtException | InfrastructureException | UnsatisfiedLinkError e) {
            return Optional.of(
                    String.valueOf(e.getMessage()).lines().findFirst().orElse("no reason given"));
        }
    }

    /** Cells that show nothing, to try a network with. */
    private static final class PreparedCells {
        static PreparedCell blank(int sidePx) {
            return new PreparedCell(new CellBox(0, 0, 1, 1), 0, null, new byte[3 * sidePx * sidePx], new byte[0]);
        }
    }
}
