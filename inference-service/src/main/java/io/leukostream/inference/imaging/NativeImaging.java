package io.leukostream.inference.imaging;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.global.opencv_imgproc;

/** Loads OpenCV once, with its settings; nothing else of this room may be touched before. */
public final class NativeImaging {
    private NativeImaging() {}

    /**
     * Unpacks and loads the native code.
     *
     * @param cacheFolder where it is unpacked to
     * @param maxPixels the decoder's own limit on pixels, behind the one that is held against the header
     */
    public static void load(Path cacheFolder, long maxPixels) {
        System.setProperty(
                "org.bytedeco.javacpp.cachedir", cacheFolder.toAbsolutePath().toString());
        // Every Mat is released by its scope, so that JavaCPP need neither count bytes nor call the garbage collector.
        System.setProperty("org.bytedeco.javacpp.maxbytes", "0");
        System.setProperty("org.bytedeco.javacpp.maxphysicalbytes", "0");
        setEnvironment("OPENCV_IO_MAX_IMAGE_PIXELS", Long.toString(maxPixels));
        // A truncated file is an outcome, not a warning on stderr.
        setEnvironment("OPENCV_LOG_LEVEL", "SILENT");
        Loader.load(opencv_core.class);
        Loader.load(opencv_imgproc.class);
        Loader.load(opencv_imgcodecs.class);
        // Images are spread over threads; within an image one thread is fastest.
        opencv_core.setNumThreads(1);
    }

    /** OpenCV reads its limits from the process's environment when it is loaded; Java cannot change that itself. */
    @SuppressWarnings("restricted") // native access is granted by the jar's manifest
    private static void setEnvironment(String name, String value) {
        try (Arena arena = Arena.ofConfined()) {
            Linker linker = Linker.nativeLinker();
            int failed = (int) linker.downcallHandle(
                            linker.defaultLookup().findOrThrow("setenv"),
                            FunctionDescriptor.of(
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.ADDRESS,
                                    ValueLayout.ADDRESS,
                                    ValueLayout.JAVA_INT))
                    .invokeExact(arena.allocateFrom(name), arena.allocateFrom(value), 1);
            if (failed != 0) {
                throw new IllegalStateException("setenv refused " + name);
            }
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("setenv failed for " + name, e);
        }
    }
}
