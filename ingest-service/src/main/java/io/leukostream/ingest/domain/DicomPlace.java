package io.leukostream.ingest.domain;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How far an Orthanc's list of changes has been dealt with.
 *
 * @param sequence the number of the last change that is done with; 0 for none
 * @param marks the last new instances up to there, none between them left out, in ascending order
 */
public record DicomPlace(long sequence, List<Mark> marks) {
    /** Before the first change. */
    public static final DicomPlace START = new DicomPlace(0, List.of());

    private static final int MOST_MARKS = 50;

    /**
     * A new instance in Orthanc's list of changes.
     *
     * @param fingerprint tells it from any other that might stand at its number; lower-case hexadecimal
     */
    public record Mark(long sequence, String fingerprint) {
        public Mark {
            if (sequence < 1 || !fingerprint.matches("[0-9a-f]{8,64}")) {
                throw new IllegalArgumentException("no mark of a change: " + sequence + ":" + fingerprint);
            }
        }
    }

    public DicomPlace {
        marks = List.copyOf(marks);
        if (sequence < 0) {
            throw new IllegalArgumentException("a place is at least 0, not " + sequence);
        }
    }

    /**
     * The place after further changes.
     *
     * @param reached the number of the last of them
     * @param instances the new instances among them, in ascending order
     */
    public DicomPlace after(long reached, List<Mark> instances) {
        List<Mark> all = new ArrayList<>(marks);
        all.addAll(instances);
        return new DicomPlace(reached, all.subList(Math.max(0, all.size() - MOST_MARKS), all.size()));
    }

    /** From which change on the list has to be looked at again to know whether it is still the same. */
    public long firstMarked() {
        return marks.isEmpty() ? sequence + 1 : marks.getFirst().sequence();
    }

    /**
     * Whether a list of changes is the one that this is a place in. Changes go when their instance is deleted, so those
     * that are missing prove nothing while one is still there.
     *
     * @param listed the new instances that the list now holds from {@link #firstMarked} to this place
     */
    public boolean isIn(List<Mark> listed) {
        Map<Long, String> known = new HashMap<>();
        marks.forEach(mark -> known.put(mark.sequence(), mark.fingerprint()));
        return sequence == 0
                || (!listed.isEmpty()
                        && listed.stream().allMatch(mark -> mark.fingerprint().equals(known.get(mark.sequence()))));
    }
}
