package io.leukostream.inference.imaging;

/** The threshold that parts a histogram into the two groups whose means lie furthest apart for their sizes (Otsu 1979). */
final class Otsu {
    private Otsu() {}

    /**
     * Finds it.
     *
     * @param histogram counts by level
     * @param lowest level below which nothing counts
     * @return the highest level of the lower group; 0 where all counts share one level
     */
    static int threshold(long[] histogram, int lowest) {
        long count = 0;
        double sum = 0;
        for (int level = lowest; level < histogram.length; level++) {
            count += histogram[level];
            sum += (double) level * histogram[level];
        }
        long below = 0;
        double sumBelow = 0;
        double best = 0;
        int threshold = 0;
        for (int level = lowest; level < histogram.length; level++) {
            below += histogram[level];
            sumBelow += (double) level * histogram[level];
            long above = count - below;
            if (below == 0 || above == 0) {
                continue;
            }
            double apart = sumBelow / below - (sum - sumBelow) / above;
            double between = (double) below * above * apart * apart;
            if (between > best) {
                best = between;
                threshold = level;
            }
        }
        return threshold;
    }
}
