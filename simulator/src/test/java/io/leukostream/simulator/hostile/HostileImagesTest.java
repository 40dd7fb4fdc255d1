package io.leukostream.simulator.hostile;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leukostream.simulator.hostile.HostileImage.Demand;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HostileImagesTest {
    @Test
    void seedAndNumberMakeTheSameFile() {
        // Given
        HostileImages images = new HostileImages(7);
        HostileImages again = new HostileImages(7);

        for (int number = 0; number < images.families(); number++) {
            // When
            HostileImage first = images.image(number);
            HostileImage second = again.image(number);

            // Then
            assertArrayEquals(first.file(), second.file(), first.toString());
            assertEquals(first.fileName(), second.fileName());
        }
        assertFalse(Arrays.equals(images.good(1), new HostileImages(8).good(1)));
    }

    @Test
    void everyFamilyComesInTurnAndNoFileIsLarge() {
        // Given
        HostileImages images = new HostileImages(1);

        // When
        List<HostileImage> drawn = images.take(3 * images.families()).toList();

        // Then
        Set<String> families = new HashSet<>();
        Set<Demand> demands = new HashSet<>();
        for (HostileImage image : drawn) {
            families.add(image.family());
            demands.add(image.demand());
            assertTrue(image.file().length < 1 << 20, image.toString());
        }
        assertEquals(images.families(), families.size());
        assertEquals(Set.of(Demand.values()), demands);
    }
}
