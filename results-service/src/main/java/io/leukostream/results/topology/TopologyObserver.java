package io.leukostream.results.topology;

/** Is told what the topology could not use and how far it is with what it does in the background; never stops it. */
public interface TopologyObserver {
    /** Nobody looks. */
    TopologyObserver NONE = new TopologyObserver() {
        @Override
        public void rejected(String topic, String reason) {
            // Nobody looks.
        }

        @Override
        public void toReassess(int partition, long specimens) {
            // Nobody looks.
        }

        @Override
        public long toReassess() {
            return 0;
        }
    };

    /** A record cannot be used; a record that is read again after a failure is told again. */
    void rejected(String topic, String reason);

    /**
     * How many specimens of a partition are still to be looked through after the start, for an assessment by another
     * policy or sums by other rules.
     */
    void toReassess(int partition, long specimens);

    /** About how many specimens are still to be looked through, in all partitions of this instance. */
    long toReassess();
}
