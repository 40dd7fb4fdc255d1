package io.leukostream.inference.onnx;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtProvider;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.providers.OrtTensorRTProviderOptions;
import java.nio.file.Path;

/** What the network can run on, the best first. */
public enum Provider {
    /** An NVIDIA GPU with TensorRT, which compiles the network for that GPU at the first start. */
    TENSORRT(OrtProvider.TENSOR_RT),
    /** An NVIDIA GPU. */
    CUDA(OrtProvider.CUDA),
    /** The processor: always there. */
    CPU(OrtProvider.CPU);

    private static final int DEVICE = 0;

    private final OrtProvider runtimeName;

    Provider(OrtProvider runtimeName) {
        this.runtimeName = runtimeName;
    }

    /** Whether it is a GPU, whose work is laid out differently. */
    public boolean isGpu() {
        return this != CPU;
    }

    OrtProvider runtimeName() {
        return runtimeName;
    }

    /**
     * Asks for this provider.
     *
     * @param cacheFolder where TensorRT keeps what it compiled
     */
    void addTo(OrtSession.SessionOptions options, Path cacheFolder) throws OrtException {
        switch (this) {
            case TENSORRT -> {
                try (OrtTensorRTProviderOptions tensorRt = new OrtTensorRTProviderOptions(DEVICE)) {
                    tensorRt.add("trt_engine_cache_enable", "1");
                    tensorRt.add("trt_engine_cache_path", cacheFolder.toString());
                    options.addTensorrt(tensorRt);
                }
                options.addCUDA(DEVICE);
            }
            case CUDA -> options.addCUDA(DEVICE);
            case CPU -> {
                // is there without asking
            }
        }
    }
}
