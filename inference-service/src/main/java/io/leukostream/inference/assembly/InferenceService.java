package io.leukostream.inference.assembly;

import io.leukostream.inference.bundle.ModelBundle;
import io.leukostream.inference.config.InferenceConfig;
import io.leukostream.inference.config.InferenceConfig.WantedProvider;
import io.leukostream.inference.domain.CellClassifier;
import io.leukostream.inference.domain.Delivery;
import io.leukostream.inference.domain.ModelDescription;
import io.leukostream.inference.domain.Outcome;
import io.leukostream.inference.domain.Priority;
import io.leukostream.inference.imaging.NativeImaging;
import io.leukostream.inference.imaging.OpenCvImagePreparer;
import io.leukostream.inference.imaging.SampleImage;
import io.leukostream.inference.messaging.LaneSettings;
import io.leukostream.inference.messaging.Lanes;
import io.leukostream.inference.metrics.LaneMeters;
import io.leukostream.inference.metrics.TimedCellClassifier;
import io.leukostream.inference.metrics.TimedImagePreparer;
import io.leukostream.inference.onnx.OnnxRuntime;
import io.leukostream.inference.onnx.Provider;
import io.leukostream.inference.pipeline.DecodePool;
import io.leukostream.inference.pipeline.Inspector;
import io.leukostream.inference.pipeline.Workbench;
import io.leukostream.inference.pipeline.WorkerPerCore;
import io.leukostream.schemas.ClockWatch;
import io.leukostream.schemas.ImageLimit;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The running service. Starts in the order in which a fault shows soonest: bundle, native code, provider, workers, warm-up,
 * lanes; a fault before the lanes ends the process with its reason. Stops in the reverse order.
 */
@ApplicationScoped
public class InferenceService {
    private static final Logger LOG = Logger.getLogger(InferenceService.class);
    private static final int WARM_UP_ROUNDS = 20;
    private static final long WARM_UP_SECONDS = 120;
    /** Sums are taken in another order for another number of cells, and their last digit decides what a figure rounds to. */
    private static final int CELLS_AT_ONCE_CPU = 1;

    private static final int CELLS_AT_ONCE_GPU = 64;

    private final InferenceConfig config;
    private final MeterRegistry meters;
    private @Nullable Running running;

    InferenceService(InferenceConfig config, MeterRegistry meters) {
        this.config = config;
        this.meters = meters;
    }

    /** What runs, once everything does. */
    public record Running(ModelDescription model, OnnxRuntime runtime, Workbench workbench, Lanes lanes) {}

    /** What runs; empty before everything does. */
    public synchronized Optional<Running> running() {
        return Optional.ofNullable(running);
    }

    synchronized void start(@Observes StartupEvent event) {
        ClockWatch.start();
        ModelBundle bundle = ModelBundle.load(config.model().directory());
        ModelDescription model = bundle.description();
        Path data = folder(config.data());
        NativeImaging.load(folder(data.resolve("native")), config.image().maxPixels());
        OnnxRuntime runtime =
                OnnxRuntime.open(wanted(), model, bundle.network(), folder(data.resolve("compiled-networks")));
        LOG.infof("Model %s %s runs on %s, %s", model.name(), model.version(), runtime.provider(), config.role());
        runtime.whyNotBetter().forEach(why -> LOG.infof("Not taken: %s", why));

        ImageLimit limit = new ImageLimit(config.image().maxBytes());
        Inspector inspector = new Inspector(
                new TimedImagePreparer(
                        new OpenCvImagePreparer(
                                model.inputSidePx(),
                                model.crop(),
                                config.image().maxPixels()),
                        meters),
                model,
                limit.imageBytes(),
                limit.maxRecordBytes());
        int workers = config.compute().workers().orElse(Runtime.getRuntime().availableProcessors());
        Workbench workbench = workbench(inspector, runtime, workers);
        try {
            warmUp(workbench, workers);
            LaneSettings settings = new LaneSettings(
                    config.kafka().bootstrapServers(),
                    config.registry().url(),
                    config.instance(),
                    limit,
                    config.lane().maxRecords(),
                    config.lane().maxBytes(),
                    config.kafka().sessionTimeout(),
                    config.kafka().transactionTimeout(),
                    LaneSettings.LONGEST_WORK,
                    config.role(),
                    model.bundleSha256());
            Lanes lanes = Lanes.start(settings, model, workbench, data, config.previousExit(), new LaneMeters(meters));
            running = new Running(model, runtime, workbench, lanes);
        } catch (RuntimeException e) {
            workbench.close();
            throw e;
        }
    }

    synchronized void stop(@Observes ShutdownEvent event) {
        Running current = running;
        running = null;
        if (current != null) {
            current.lanes().close();
            current.workbench().close();
        }
    }

    private Workbench workbench(Inspector inspector, OnnxRuntime runtime, int workers) {
        boolean gpu = runtime.provider().isGpu();
        int cells = config.compute().maxCells().orElse(gpu ? CELLS_AT_ONCE_GPU : CELLS_AT_ONCE_CPU);
        Supplier<CellClassifier> classifiers = () -> new TimedCellClassifier(runtime.classifier(cells), meters);
        return gpu
                ? new DecodePool(
                        inspector, classifiers, workers, cells, config.compute().maxWait())
                : new WorkerPerCore(inspector, classifiers, workers, cells);
    }

    /** Takes a sample through decoding and the network often enough that the first real image finds all of it warm. */
    private static void warmUp(Workbench workbench, int workers) {
        List<Delivery> samples = Collections.nCopies(2 * workers, SampleDelivery.of(SampleImage.jpeg()));
        try {
            for (int round = 0; round < WARM_UP_ROUNDS; round++) {
                for (Outcome outcome :
                        workbench.start(Priority.ROUTINE, samples).get(WARM_UP_SECONDS, TimeUnit.SECONDS)) {
                    if (!(outcome instanceof Outcome.Classified classified)
                            || classified.cells().size() != 1) {
                        throw new IllegalStateException("the sample image came to " + outcome);
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while warming up", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("the sample image could not be classified", e);
        }
    }

    private Optional<Provider> wanted() {
        WantedProvider wanted = config.model().provider();
        return wanted == WantedProvider.AUTO ? Optional.empty() : Optional.of(Provider.valueOf(wanted.name()));
    }

    private static Path folder(Path path) {
        try {
            return Files.createDirectories(path.toAbsolutePath());
        } catch (IOException e) {
            throw new UncheckedIOException("the folder " + path + " cannot be made", e);
        }
    }
}
