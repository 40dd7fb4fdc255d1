/** Runs the network and chooses the hardware that it runs on. The only room that knows ONNX Runtime. */
@NullMarked
package io.leukostream.inference.onnx;

import org.jspecify.annotations.NullMarked;
