package io.leukostream.inference.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import io.leukostream.inference.domain.CellClassifier;
import io.leukostream.inference.domain.ChannelScaling;
import io.leukostream.inference.domain.InfrastructureException;
import io.leukostream.inference.domain.ModelDescription;
import io.leukostream.inference.domain.PreparedCell;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The network in one thread's hands. Owns its session, and one input and one output buffer outside the heap that every call
 * reuses: {@code [N,3,side,side]} float32 RGB scaled as the bundle says, and {@code [N,columns]} float32.
 */
final class OnnxCellClassifier implements CellClassifier {
    private final OrtEnvironment environment;
    private final OrtSession session;
    private final ModelDescription model;
    private final int maxCells;
    private final FloatBuffer input;
    private final FloatBuffer output;
    private final @Nullable OnnxTensor[] inputs;
    private final @Nullable OnnxTensor[] outputs;
    private final float[] plane;

    /** Takes the session over, and closes it if its shapes are not the bundle's. */
    OnnxCellClassifier(OrtEnvironment environment, OrtSession session, ModelDescription model, int maxCells)
            throws OrtException {
        this.environment = environment;
        this.session = session;
        this.model = model;
        this.maxCells = maxCells;
        int sidePx = model.inputSidePx();
        try {
            expect(session.getInputInfo(), model.inputName(), -1, 3, sidePx, sidePx);
            expect(session.getOutputInfo(), model.outputName(), -1, model.columns());
        } catch (IllegalStateException | OrtException e) {
            session.close();
            throw e;
        }
        this.plane = new float[sidePx * sidePx];
        this.input = floats(maxCells * 3 * plane.length);
        this.output = floats(maxCells * model.columns());
        this.inputs = new OnnxTensor[maxCells + 1];
        this.outputs = new OnnxTensor[maxCells + 1];
    }

    @Override
    public int maxCells() {
        return maxCells;
    }

    @Override
    public float[] answers(List<PreparedCell> cells) {
        int count = cells.size();
        if (count < 1 || count > maxCells) {
            throw new IllegalArgumentException(count + " cells, not 1.." + maxCells);
        }
        input.clear();
        for (PreparedCell cell : cells) {
            fill(cell.rgbPlanes());
        }
        try (OrtSession.Result _ =
                session.run(Map.of(model.inputName(), inputOf(count)), Map.of(model.outputName(), outputOf(count)))) {
            float[] answers = new float[count * model.columns()];
            output.get(0, answers);
            return answers;
        } catch (OrtException e) {
            throw new InfrastructureException("the network could not be run", e);
        }
    }

    @Override
    public void close() {
        for (int count = 0; count <= maxCells; count++) {
            close(inputs[count]);
            close(outputs[count]);
        }
        try {
            session.close();
        } catch (OrtException e) {
            throw new InfrastructureException("the session did not close", e);
        }
    }

    private static void close(@Nullable OnnxTensor tensor) {
        if (tensor != null) {
            tensor.close();
        }
    }

    private void fill(byte[] rgbPlanes) {
        if (rgbPlanes.length != 3 * plane.length) {
            throw new IllegalArgumentException(rgbPlanes.length + " bytes are no crop for this network");
        }
        for (int channel = 0; channel < 3; channel++) {
            ChannelScaling scaling = model.scaling().get(channel);
            float mean = scaling.mean();
            float deviation = scaling.standardDeviation();
            int from = channel * plane.length;
            for (int k = 0; k < plane.length; k++) {
                plane[k] = ((rgbPlanes[from + k] & 0xFF) - mean) / deviation;
            }
            input.put(plane);
        }
    }

    private OnnxTensor inputOf(int count) throws OrtException {
        OnnxTensor tensor = inputs[count];
        if (tensor == null) {
            long side = model.inputSidePx();
            FloatBuffer first = input.duplicate().position(0).limit(count * 3 * plane.length);
            tensor = OnnxTensor.createTensor(environment, first, new long[] {count, 3, side, side});
            inputs[count] = tensor;
        }
        return tensor;
    }

    private OnnxTensor outputOf(int count) throws OrtException {
        OnnxTensor tensor = outputs[count];
        if (tensor == null) {
            FloatBuffer first = output.duplicate().position(0).limit(count * model.columns());
            tensor = OnnxTensor.createTensor(environment, first, new long[] {count, model.columns()});
            outputs[count] = tensor;
        }
        return tensor;
    }

    private static FloatBuffer floats(int count) {
        return ByteBuffer.allocateDirect(count * Float.BYTES)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
    }

    private static void expect(Map<String, NodeInfo> nodes, String name, long... shape) {
        NodeInfo node = nodes.get(name);
        if (node == null || nodes.size() != 1 || !(node.getInfo() instanceof TensorInfo tensor)) {
            throw new IllegalStateException(
                    "model.onnx has " + nodes.keySet() + " where model.json says '" + name + "'");
        }
        if (tensor.type != OnnxJavaType.FLOAT || !Arrays.equals(tensor.getShape(), shape)) {
            throw new IllegalStateException("'" + name + "' in model.onnx is " + tensor.type + " "
                    + Arrays.toString(tensor.getShape()) + ", model.json says FLOAT "
                    + Arrays.toString(shape));
        }
    }
}
