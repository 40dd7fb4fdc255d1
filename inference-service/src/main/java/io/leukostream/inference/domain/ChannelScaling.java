package io.leukostream.inference.domain;

/**
 * From a channel's grey level 0..255 to the network's range: {@code (level − mean) / standardDeviation}.
 *
 * @param standardDeviation &gt; 0
 */
public record ChannelScaling(float mean, float standardDeviation) {
    public ChannelScaling {
        if (!(Float.isFinite(mean) && standardDeviation > 0 && Float.isFinite(standardDeviation))) {
            throw new IllegalArgumentException("no scaling: mean " + mean + ", deviation " + standardDeviation);
        }
    }
}
