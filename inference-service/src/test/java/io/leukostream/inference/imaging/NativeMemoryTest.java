package io.leukostream.inference.imaging;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Rect;
import org.junit.jupiter.api.Test;

class NativeMemoryTest {
    @Test
    void memoryThatIsNotThereEndsTheProcessAndNotTheImage() {
        // Given: a matrix of a petabyte, more than a process can address
        OutOfMemoryError end = assertThrows(
                OutOfMemoryError.class,
                () -> OpenCvImagePreparer.inNativeMemory(() -> new Mat(1_000_000_000, 1_000_000, CV_8UC1)));

        // Then
        assertInstanceOf(RuntimeException.class, end.getCause(), "it is OpenCV that says so");
    }

    @Test
    void whatElseFailsIsTheImages() {
        try (PointerScope _ = new PointerScope()) {
            Mat small = new Mat(2, 2, CV_8UC1);
            assertThrows(
                    RuntimeException.class,
                    () -> OpenCvImagePreparer.inNativeMemory(() -> new Mat(small, new Rect(1, 1, 9, 9))));
            assertEquals("2", OpenCvImagePreparer.inNativeMemory(() -> String.valueOf(small.rows())));
        }
    }
}
