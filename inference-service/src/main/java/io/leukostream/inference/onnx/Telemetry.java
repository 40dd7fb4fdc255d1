package io.leukostream.inference.onnx;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * ONNX Runtime's account to its maker. The library's Linux builds write one to the user's cache folder and send it to a server
 * of the maker's, unless the environment says no when the library is loaded; its own switch comes after the first event. A
 * laboratory's machine tells nobody what it runs.
 */
final class Telemetry {
    private static final String OFF = "ORT_DISABLE_TELEMETRY";

    private Telemetry() {}

    /**
     * Turns it off for this process; to be called before the library is loaded.
     *
     * @throws IllegalStateException if the environment cannot be set
     */
    @SuppressWarnings("restricted") // The one call needs no pointer of anybody else's.
    static void turnOff() {
        Linker linker = Linker.nativeLinker();
        MethodHandle setenv = linker.downcallHandle(
                linker.defaultLookup().findOrThrow("setenv"),
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
        try (Arena arena = Arena.ofConfined()) {
            int status = (int) setenv.invokeExact(arena.allocateFrom(OFF), arena.allocateFrom("1"), 1);
            if (status != 0) {
                throw new IllegalStateException("setenv answers " + status);
            }
        } catch (Throwable e) {
            throw new IllegalStateException("ONNX Runtime's telemetry could not be turned off", e);
        }
    }
}
