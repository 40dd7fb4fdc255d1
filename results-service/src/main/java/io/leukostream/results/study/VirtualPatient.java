package io.leukostream.results.study;

import io.leukostream.results.domain.Box;
import io.leukostream.results.domain.CellKey;
import io.leukostream.results.domain.ReviewFrame;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** A marrow of {@value #CELLS} cells of which a stated fraction are blasts, exactly. */
final class VirtualPatient {
    /** Cells of a marrow differential by convention. */
    static final int CELLS = 500;
    /** Cells that a reviewer labels at most. */
    static final int LABELS = 200;
    /** Calls resemble each other in runs of this many cells, as those of one part of a smear do. */
    static final int RUN = 5;

    private final boolean[] arriving;
    private final boolean[] drawn;

    /**
     * Takes the arrays over.
     *
     * @param arriving which cells are blasts, in the order in which the scanner sends them
     * @param drawn which of the first {@value #LABELS} cells are that a review draws from all of them
     */
    private VirtualPatient(boolean[] arriving, boolean[] drawn) {
        this.arriving = arriving;
        this.drawn = drawn;
    }

    /** A patient; the draw is the one that a frame over the patient's own cells makes. */
    static VirtualPatient of(double fraction, RandomGenerator random) {
        boolean[] arriving = new boolean[CELLS];
        int blasts = (int) Math.round(fraction * CELLS);
        for (int k = 0; k < CELLS; k++) {
            int place = random.nextInt(k + 1);
            arriving[k] = arriving[place];
            arriving[place] = k < blasts;
        }
        List<CellKey> cells = cells(random);
        Map<CellKey, Integer> places = new HashMap<>();
        for (CellKey cell : cells) {
            places.put(cell, places.size());
        }
        boolean[] drawn = new boolean[LABELS];
        List<CellKey> order = new ReviewFrame(cells).drawOrder();
        for (int k = 0; k < LABELS; k++) {
            drawn[k] = arriving[places.getOrDefault(order.get(k), -1)];
        }
        return new VirtualPatient(arriving, drawn);
    }

    /** Cells of pictures that nobody else has. */
    static List<CellKey> cells(RandomGenerator random) {
        List<CellKey> cells = new ArrayList<>(CELLS);
        for (int k = 0; k < CELLS; k++) {
            byte[] content = new byte[32];
            random.nextBytes(content);
            cells.add(new CellKey(HexFormat.of().formatHex(content), new Box(0, 0, 30, 30)));
        }
        return cells;
    }

    /**
     * How many of the first 0, 1, … cells a model calls BLAST on this patient.
     *
     * @param designEffect that the calls on cells of one kind have: within a run a cell shares the run's luck with
     *     probability √ρ, where {@code 1 + (RUN − 1)·ρ} is the design effect
     */
    int[] calledBlast(SubjectPopulation.Rates rates, double designEffect, RandomGenerator random) {
        double shares = Math.sqrt((designEffect - 1) / (RUN - 1));
        int[] called = new int[CELLS + 1];
        double ofRun = 0;
        for (int k = 0; k < CELLS; k++) {
            if (k % RUN == 0) {
                ofRun = random.nextDouble();
            }
            double luck = random.nextDouble() < shares ? ofRun : random.nextDouble();
            boolean right = luck < (arriving[k] ? rates.sensitivity() : rates.specificity());
            called[k + 1] = called[k] + (right == arriving[k] ? 1 : 0);
        }
        return called;
    }

    /** How many of the first 0, 1, … drawn cells are blasts. */
    int[] labelledBlast() {
        int[] labelled = new int[LABELS + 1];
        for (int k = 0; k < LABELS; k++) {
            labelled[k + 1] = labelled[k] + (drawn[k] ? 1 : 0);
        }
        return labelled;
    }
}
