package io.leukostream.inference;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.leukostream.inference.bundle.ModelBundle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Rect;
import org.bytedeco.opencv.opencv_core.Size;

/**
 * Images per second of the shortest loop that could be written by hand: decode, cut the middle, resize, scale, run the
 * bundle's network; one worker per core, each with its own session of one thread. It finds no cell, checks nothing, makes
 * no evidence and writes nothing, so it is the bound that the pipeline is held against, not a rival: no outcome comes out
 * of it. The files are read before the clock starts.
 *
 * <p>{@code ./mvnw -q -pl inference-service test-compile dependency:build-classpath -Dmdep.outputFile=target/classpath},
 * then in {@code inference-service}: {@code CLASSPATH=target/test-classes:target/classes:$(cat target/classpath) java
 * io.leukostream.inference.BareLoopBenchmark <folder of images> [seconds, 20] [cells of one call, 1]}. The class path
 * must not stand on the command line: ONNX Runtime 1.29 reads the process's command line with a recursive expression, and
 * one of 30 kB overflows the stack.
 */
public final class BareLoopBenchmark {
    private static final int SIDE = 128;
    private static final int CUT = 340;

    private BareLoopBenchmark() {}

    /** Runs it. */
    public static void main(String[] arguments) throws Exception {
        List<byte[]> files = files(Path.of(arguments[0]));
        double seconds = arguments.length > 1 ? Double.parseDouble(arguments[1]) : 20;
        int cells = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 1;
        ModelBundle bundle = Fixtures.bundle();
        Fixtures.preparer(bundle);
        int workers = Runtime.getRuntime().availableProcessors();
        run(files, bundle, workers, cells, seconds / 4);
        double cpuSeconds = cpuSeconds();
        double rate = run(files, bundle, workers, cells, seconds);
        System.out.printf(
                "bare loop: %.0f images/s with %d workers, %d cells a call, %d files; %.2f ms of processor time an image%n",
                rate, workers, cells, files.size(), (cpuSeconds() - cpuSeconds) * 1e3 / (rate * seconds));
    }

    private static double cpuSeconds() {
        return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toMillis() / 1e3;
    }

    private static double run(List<byte[]> files, ModelBundle bundle, int workers, int cells, double seconds)
            throws InterruptedException, ExecutionException {
        AtomicInteger next = new AtomicInteger();
        long began = System.nanoTime();
        long deadline = began + (long) (seconds * 1e9);
        try (ExecutorService pool = Executors.newFixedThreadPool(workers)) {
            List<Future<Integer>> counts = IntStream.range(0, workers)
                    .mapToObj(_ -> pool.submit((Callable<Integer>) () -> work(files, bundle, cells, next, deadline)))
                    .toList();
            int images = 0;
            for (Future<Integer> count : counts) {
                images += count.get();
            }
            return images / ((System.nanoTime() - began) / 1e9);
        }
    }

    private static int work(List<byte[]> files, ModelBundle bundle, int cells, AtomicInteger next, long deadline)
            throws OrtException {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        FloatBuffer input = ByteBuffer.allocateDirect(cells * 3 * SIDE * SIDE * Float.BYTES)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
        float[] plane = new float[SIDE * SIDE];
        byte[] pixels = new byte[3 * SIDE * SIDE];
        int images = 0;
        double checksum = 0;
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1);
            try (OrtSession session = environment.createSession(bundle.network().toString(), options);
                    OnnxTensor tensor =
                            OnnxTensor.createTensor(environment, input, new long[] {cells, 3, SIDE, SIDE})) {
                while (System.nanoTime() < deadline) {
                    input.clear();
                    for (int k = 0; k < cells; k++) {
                        decode(files.get(Math.floorMod(next.getAndIncrement(), files.size())), pixels);
                        for (int channel = 2; channel >= 0; channel--) {
                            for (int p = 0; p < plane.length; p++) {
                                plane[p] = ((pixels[3 * p + channel] & 0xFF) - 127.5f) / 127.5f;
                            }
                            input.put(plane);
                        }
                    }
                    try (OrtSession.Result result =
                            session.run(Map.of(bundle.description().inputName(), tensor))) {
                        checksum += ((float[][]) result.get(0).getValue())[0][0];
                    }
                    images += cells;
                }
            }
        }
        if (!Double.isFinite(checksum)) {
            throw new IllegalStateException("the network gave no finite answer");
        }
        return images;
    }

    private static void decode(byte[] file, byte[] pixels) {
        try (PointerScope _ = new PointerScope()) {
            Mat bgr = opencv_imgcodecs.imdecode(
                    new Mat(1, file.length, opencv_core.CV_8UC1, new BytePointer(file)), opencv_imgcodecs.IMREAD_COLOR);
            int cut = Math.min(CUT, Math.min(bgr.cols(), bgr.rows()));
            Mat middle = new Mat(bgr, new Rect((bgr.cols() - cut) / 2, (bgr.rows() - cut) / 2, cut, cut));
            Mat small = new Mat();
            opencv_imgproc.resize(middle, small, new Size(SIDE, SIDE), 0, 0, opencv_imgproc.INTER_AREA);
            small.data().get(pixels);
        }
    }

    /** At most 1000 files, so that they fit into memory. */
    static List<byte[]> files(Path folder) throws IOException {
        try (var listed = Files.walk(folder)) {
            return listed.filter(Files::isRegularFile)
                    .filter(file -> file.toString().matches(".*\\.(webp|jpg|png|bmp|tiff?)"))
                    .sorted()
                    .limit(1000)
                    .map(file -> {
                        try {
                            return Files.readAllBytes(file);
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    })
                    .toList();
        }
    }
}
