package io.leukostream.simulator.hostile;

import org.jspecify.annotations.Nullable;

/**
 * A file as a hostile or broken sender would send it.
 *
 * @param number makes it again, with the seed
 * @param family what is wrong with it, in a few words
 * @param fileName may hold what no file system allows
 * @param contentType what the sender claims
 * @param file handed over once; not to be changed
 * @param pixelSize what the sender states, µm; null where it states nothing
 * @param demand what the system has to do with it
 */
@SuppressWarnings("ArrayRecordComponent") // handed over once, compared by nobody
public record HostileImage(
        int number,
        String family,
        String fileName,
        String contentType,
        byte[] file,
        @Nullable String pixelSize,
        Demand demand) {
    /** What the system has to do with a file, besides giving a code in time. */
    public enum Demand {
        /** No door may take it, and inference refuses it. */
        REFUSE,
        /** A door may take it; what inference then makes of it is one outcome. */
        DECIDE,
        /** It is odd and sound: the door for images takes it. */
        ACCEPT
    }

    @Override
    public String toString() {
        return "#" + number + " " + family + " (" + file.length + " bytes)";
    }
}
