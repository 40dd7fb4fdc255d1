package io.leukostream.inference.metrics;

import io.leukostream.inference.domain.ImagePreparer;
import io.leukostream.inference.domain.Preparation;
import io.leukostream.inference.domain.ReceivedImage;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

/** Measures how long decoding and finding cells takes. */
public final class TimedImagePreparer implements ImagePreparer {
    private final ImagePreparer preparer;
    private final Timer timer;

    /** Measures that preparer. */
    public TimedImagePreparer(ImagePreparer preparer, MeterRegistry meters) {
        this.preparer = preparer;
        this.timer = Timer.builder("leukostream.inference.decode")
                .description("Decoding one image and preparing its cells")
                .publishPercentileHistogram()
                .register(meters);
    }

    @Override
    public Preparation prepare(ReceivedImage image) {
        return timer.record(() -> preparer.prepare(image));
    }
}
