package io.leukostream.inference.imaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leukostream.inference.Fixtures;
import io.leukostream.inference.TestDelivery;
import io.leukostream.inference.domain.ImagePreparer;
import io.leukostream.inference.domain.Kind;
import io.leukostream.inference.domain.Preparation;
import io.leukostream.schemas.PixelScale;
import io.leukostream.simulator.hostile.HostileImage;
import io.leukostream.simulator.hostile.HostileImage.Demand;
import io.leukostream.simulator.hostile.HostileImages;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.TreeMap;
import javax.imageio.ImageIO;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The real decoder and finder against hostile files, those that no door takes too, for a scanner may write to Kafka
 * itself. {@code -Dleukostream.hostile.files=2000} tries more files, {@code -Dleukostream.hostile.seed} others.
 */
class HostileImagesTest {
    private static final int FILES = Integer.getInteger("leukostream.hostile.files", 102);
    private static final long SEED = Long.getLong("leukostream.hostile.seed", 3);
    private static final Duration LIMIT = Duration.ofMinutes(1);

    @Test
    void everyFileIsPreparedOrRefusedInTimeAndGivesItsMemoryBack() throws IOException {
        // Given
        ImagePreparer preparer = Fixtures.preparer(Fixtures.bundle());
        HostileImages images = new HostileImages(SEED);
        preparer.prepare(TestDelivery.of(0, Kind.CELL, OptionalDouble.empty(), images.good(0))
                .image());
        long nativeBefore = Pointer.totalBytes();
        long residentBefore = residentKiB("VmRSS");
        Map<String, Integer> codes = new TreeMap<>();
        List<String> wrong = new ArrayList<>();
        long slowestMillis = 0;
        String slowest = "";

        // When
        for (int number = 0; number < FILES; number++) {
            HostileImage image = images.image(number);
            if (image.pixelSize() != null) {
                // Refused with its record, before the decoder.
                continue;
            }
            Kind kind = number / images.families() % 2 == 0 ? Kind.CELL : Kind.FIELD;
            OptionalDouble pixelSize = switch (number / images.families() % 3) {
                case 0 -> OptionalDouble.empty();
                case 1 -> OptionalDouble.of(PixelScale.LARGEST_MICROMETRES);
                default -> OptionalDouble.of(PixelScale.SMALLEST_MICROMETRES);
            };
            long began = System.nanoTime();
            String code;
            try {
                code = switch (preparer.prepare(
                        TestDelivery.of(number, kind, pixelSize, image.file()).image())) {
                    case Preparation.Prepared _ -> "prepared";
                    case Preparation.Refused refused -> refused.reason().name();
                };
            } catch (RuntimeException e) {
                code = e.toString();
                wrong.add(image + " " + kind + " " + pixelSize + ": " + e + " at " + e.getStackTrace()[0]);
            }
            long millis = (System.nanoTime() - began) / 1_000_000;
            if (millis > slowestMillis) {
                slowestMillis = millis;
                slowest = image + " " + kind + " " + pixelSize;
            }
            codes.merge(code, 1, Integer::sum);
            if (image.demand() == Demand.REFUSE && code.equals("prepared")) {
                wrong.add(image + " was prepared");
            }
            assertEquals(nativeBefore, Pointer.totalBytes(), () -> image + " kept native memory");
        }

        // Then
        System.out.printf(
                "Decoder, seed %d: %d files %s; slowest %d ms: %s; resident %d → %d MiB, at most %d MiB%n",
                SEED,
                FILES,
                codes,
                slowestMillis,
                slowest,
                residentBefore >> 10,
                residentKiB("VmRSS") >> 10,
                residentKiB("VmHWM") >> 10);
        assertEquals(List.of(), wrong);
        assertTrue(slowestMillis <= LIMIT.toMillis(), slowest);
    }

    /** What a field within all limits can show that is hardest to take apart. */
    enum Pattern {
        MAZE,
        ALL_NUCLEUS,
        DISCS,
        NOISE;

        private boolean isDark(int x, int y, Random blocks) {
            return switch (this) {
                case MAZE -> new Random(31L * (x / 12) + 1_000_003L * (y / 12)).nextInt(100) < 45;
                case ALL_NUCLEUS -> x > 8 && y > 8;
                case DISCS -> Math.hypot(x % 55 - 27, y % 55 - 27) < 16;
                case NOISE -> blocks.nextBoolean();
            };
        }
    }

    @ParameterizedTest
    @EnumSource(Pattern.class)
    void theLargestFieldThatIsAllowedIsPreparedOrRefusedInTimeWhateverItShows(Pattern pattern) throws IOException {
        // Given
        ImagePreparer preparer = Fixtures.preparer(Fixtures.bundle());
        BufferedImage field = new BufferedImage(4_000, 2_500, BufferedImage.TYPE_3BYTE_BGR);
        Random blocks = new Random(6);
        for (int y = 0; y < field.getHeight(); y++) {
            for (int x = 0; x < field.getWidth(); x++) {
                field.setRGB(x, y, pattern.isDark(x, y, blocks) ? 0x5F328C : 0xE8E6E1);
            }
        }
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        ImageIO.write(field, "bmp", file);

        // When
        long began = System.nanoTime();
        Preparation preparation =
                preparer.prepare(TestDelivery.of(0, Kind.FIELD, OptionalDouble.of(0.2), file.toByteArray())
                        .image());
        long millis = (System.nanoTime() - began) / 1_000_000;

        // Then
        System.out.printf(
                "Decoder, a field of 10 megapixels, %s: %s in %d ms%n",
                pattern,
                switch (preparation) {
                    case Preparation.Prepared prepared -> prepared.cells().size() + " cells";
                    case Preparation.Refused refused -> refused.reason().name();
                },
                millis);
        assertTrue(millis <= LIMIT.toMillis(), pattern + " took " + millis + " ms");
    }

    private static long residentKiB(String figure) throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith(figure + ":"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElse(0);
    }
}
