package io.leukostream.simulator;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.OptionalDouble;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SyntheticWardTest {
    private static final long SEED = 20_260_501;

    @TempDir
    Path folder;

    @Test
    void theBoxOfACellIsWhatIsNotBlackAndInOnePiece() throws IOException {
        // Given
        Ward ward = SyntheticWard.plan(3, OptionalDouble.of(0.5), 20, ImageKind.CELL, SEED);

        // When
        Truth truth = WardWriter.write(folder, ward);

        // Then
        assertEquals(60, truth.images().size());
        for (ImageTruth image : truth.images()) {
            BufferedImage read = ImageIO.read(folder.resolve(image.file()).toFile());
            assertEquals(450, read.getWidth());
            assertEquals(450, read.getHeight());
            Box box = image.cells().getFirst().box();
            assertEquals(box, boxOfTheOnlyPiece(read), image.file());
            assertTrue(box.x() > 0 && box.y() > 0 && box.x() + box.width() < 450 && box.y() + box.height() < 450);
        }
    }

    @Test
    void theWhiteCellsOfAFieldLieWhereTheTruthSaysAndNowhereElse() throws IOException {
        // Given
        Ward ward = SyntheticWard.plan(2, OptionalDouble.of(0.5), 12, ImageKind.FIELD, SEED);

        // When
        Truth truth = WardWriter.write(folder, ward);

        // Then
        for (ImageTruth image : truth.images()) {
            BufferedImage read = ImageIO.read(folder.resolve(image.file()).toFile());
            for (int y = 0; y < read.getHeight(); y++) {
                for (int x = 0; x < read.getWidth(); x++) {
                    int rgb = read.getRGB(x, y);
                    int pixelX = x;
                    int pixelY = y;
                    boolean nucleus = (rgb >> 16 & 0xff) < 125 && (rgb & 0xff) > (rgb >> 8 & 0xff) + 35;
                    boolean platelet = (rgb >> 8 & 0xff) > 95;
                    assertTrue(
                            !nucleus
                                    || platelet
                                    || image.cells().stream().anyMatch(cell -> holds(cell.box(), pixelX, pixelY)),
                            () -> image.file() + " has a nucleus outside every box at " + pixelX + ", " + pixelY);
                }
            }
            for (CellTruth cell : image.cells()) {
                int middle = read.getRGB(
                        cell.box().x() + cell.box().width() / 2,
                        cell.box().y() + cell.box().height() / 2);
                assertTrue((middle >> 8 & 0xff) < 130, image.file() + " " + cell);
            }
        }
    }

    @Test
    void theSameSeedGivesTheSameBytesAndAnotherSeedOthers() throws IOException {
        // Given
        Path one = folder.resolve("one");
        Path again = folder.resolve("again");
        Path other = folder.resolve("other");

        // When
        Truth truth = WardWriter.write(one, SyntheticWard.plan(1, OptionalDouble.empty(), 4, ImageKind.CELL, SEED));
        WardWriter.write(again, SyntheticWard.plan(1, OptionalDouble.empty(), 4, ImageKind.CELL, SEED));
        Truth others = WardWriter.write(other, SyntheticWard.plan(1, OptionalDouble.empty(), 4, ImageKind.CELL, 8));

        // Then
        assertEquals(truth, Truth.read(again));
        for (ImageTruth image : truth.images()) {
            assertArrayEquals(
                    Files.readAllBytes(one.resolve(image.file())), Files.readAllBytes(again.resolve(image.file())));
        }
        assertNotEquals(
                -1,
                Files.mismatch(
                        one.resolve(truth.images().getFirst().file()),
                        other.resolve(others.images().getFirst().file())));
    }

    @Test
    void theBlastFractionIsHonoured() {
        // Given
        OptionalDouble asked = OptionalDouble.of(0.35);

        // When
        Ward fixed = SyntheticWard.plan(5, asked, 40, ImageKind.FIELD, SEED);
        Ward mixed = SyntheticWard.plan(4, OptionalDouble.empty(), 100, ImageKind.CELL, SEED);

        // Then
        for (Ward.Specimen specimen : fixed.specimens()) {
            assertEquals(40, specimen.cellCount());
            assertEquals(0.35, specimen.blastFraction(), 1e-12);
        }
        for (int n = 0; n < 4; n++) {
            double fraction = mixed.specimens().get(n).blastFraction();
            assertTrue(n % 2 == 0 ? fraction >= 0.6 && fraction <= 0.95 : fraction <= 0.03, "fraction " + fraction);
        }
    }

    @Test
    void blastsAreLargerThanNormalCellsAtTheMedian() {
        // Given
        Ward blasts = SyntheticWard.plan(10, OptionalDouble.of(1), 5, ImageKind.CELL, SEED);
        Ward normals = SyntheticWard.plan(10, OptionalDouble.of(0), 5, ImageKind.CELL, SEED);

        // When
        double blastArea = medianBoxArea(blasts);
        double normalArea = medianBoxArea(normals);

        // Then
        assertTrue(blastArea > 1.25 * normalArea, blastArea + " against " + normalArea);
    }

    @Test
    void aFractionOutsideItsRangeIsNamed() {
        // Given
        OptionalDouble wrong = OptionalDouble.of(1.5);

        // When
        IllegalArgumentException refused = assertThrows(
                IllegalArgumentException.class, () -> SyntheticWard.plan(1, wrong, 1, ImageKind.CELL, SEED));

        // Then
        assertTrue(refused.getMessage().contains("1.5"), refused.getMessage());
    }

    private static double medianBoxArea(Ward ward) {
        List<Integer> areas = ward.specimens().stream()
                .flatMap(specimen -> specimen.images().stream()
                        .map(image -> SmearPainter.draw(specimen, image)
                                .cells()
                                .getFirst()
                                .box()))
                .map(box -> box.width() * box.height())
                .sorted()
                .toList();
        return areas.get(areas.size() / 2);
    }

    private static boolean holds(Box box, int x, int y) {
        return x >= box.x() && x < box.x() + box.width() && y >= box.y() && y < box.y() + box.height();
    }

    /** The box of the non-black pixels, which must be one 8-connected piece. */
    private static Box boxOfTheOnlyPiece(BufferedImage image) {
        boolean[][] shown = new boolean[image.getHeight()][image.getWidth()];
        int count = 0;
        int[] first = {-1, -1};
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                int rgb = image.getRGB(x, y);
                int brightest = Math.max(rgb & 0xff, Math.max(rgb >> 8 & 0xff, rgb >> 16 & 0xff));
                assertTrue((rgb & 0xffffff) == 0 || brightest > 10, "a pixel is black, or clearly not");
                if (brightest > 10) {
                    shown[y][x] = true;
                    count++;
                    first = new int[] {x, y};
                }
            }
        }
        Deque<int[]> edge = new ArrayDeque<>(List.of(first));
        shown[first[1]][first[0]] = false;
        int left = first[0];
        int right = first[0];
        int top = first[1];
        int bottom = first[1];
        int reached = 0;
        while (!edge.isEmpty()) {
            int[] at = edge.pop();
            reached++;
            left = Math.min(left, at[0]);
            right = Math.max(right, at[0]);
            top = Math.min(top, at[1]);
            bottom = Math.max(bottom, at[1]);
            for (int y = Math.max(0, at[1] - 1); y <= Math.min(449, at[1] + 1); y++) {
                for (int x = Math.max(0, at[0] - 1); x <= Math.min(449, at[0] + 1); x++) {
                    if (shown[y][x]) {
                        shown[y][x] = false;
                        edge.push(new int[] {x, y});
                    }
                }
            }
        }
        assertEquals(count, reached, "all shown pixels hang together");
        return new Box(left, top, right - left + 1, bottom - top + 1);
    }
}
