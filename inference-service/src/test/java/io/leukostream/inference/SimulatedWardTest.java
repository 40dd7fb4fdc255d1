package io.leukostream.inference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leukostream.inference.bundle.ModelBundle;
import io.leukostream.inference.domain.CellCall;
import io.leukostream.inference.domain.CellClassifier;
import io.leukostream.inference.domain.Kind;
import io.leukostream.inference.domain.Preparation.Prepared;
import io.leukostream.inference.domain.PreparedCell;
import io.leukostream.inference.imaging.OpenCvImagePreparer;
import io.leukostream.simulator.ImageKind;
import io.leukostream.simulator.SmearPainter;
import io.leukostream.simulator.SyntheticWard;
import io.leukostream.simulator.Ward;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

/** What the committed bundle says of the cells that the demonstration draws: they are judged, and nobody takes them for photographs. */
class SimulatedWardTest {
    @Test
    void drawnCellsMostlyCountAndHardlyOneOfThemLooksLikeAPhotograph() throws IOException {
        // Given
        Ward ward = SyntheticWard.plan(30, OptionalDouble.empty(), 2, ImageKind.CELL, 11);

        // When
        List<CellCall> calls = calls(ward);

        // Then
        assertEquals(60, calls.size());
        long counted = calls.stream().filter(call -> call.gate() == null).count();
        long unmarked = calls.stream()
                .filter(call -> call.gate() == null && !call.doubtful())
                .count();
        assertTrue(counted >= 42, () -> "only " + counted + " of 60 cells count");
        assertTrue(unmarked <= 6, () -> unmarked + " of 60 cells are neither refused nor doubtful");
    }

    private static List<CellCall> calls(Ward ward) throws IOException {
        ModelBundle bundle = Fixtures.bundle();
        OpenCvImagePreparer preparer = Fixtures.preparer(bundle);
        OptionalDouble pixelSize = OptionalDouble.of(SmearPainter.CELL_PIXEL_SIZE_MICROMETRES);
        List<CellCall> calls = new ArrayList<>();
        try (CellClassifier classifier = Fixtures.runtime(bundle).classifier(1)) {
            for (Ward.Specimen specimen : ward.specimens()) {
                for (Ward.Image image : specimen.images()) {
                    ByteArrayOutputStream png = new ByteArrayOutputStream();
                    ImageIO.write(SmearPainter.draw(specimen, image).image(), "png", png);
                    Prepared prepared =
                            (Prepared) preparer.prepare(TestDelivery.of(0, Kind.CELL, pixelSize, png.toByteArray())
                                    .image());
                    PreparedCell cell = prepared.cells().getFirst();
                    float[] answers = classifier.answers(List.of(cell));
                    calls.add(bundle.description().call(Kind.CELL, cell.areaMicrometres2(), answers, 0));
                }
            }
        }
        return calls;
    }
}
