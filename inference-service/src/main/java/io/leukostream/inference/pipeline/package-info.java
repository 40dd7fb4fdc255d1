/** From a delivered record to its outcome, and how that work is laid on the hardware. Knows neither OpenCV, nor ONNX Runtime, nor Kafka. */
@NullMarked
package io.leukostream.inference.pipeline;

import org.jspecify.annotations.NullMarked;
