package dev.weir.media;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Divides what a viewer's path carries among the pictures that he shows: a pure function, described in
 * {@code docs/allocation.md}. Shared screens take what they can use. Then everyone gets his lowest rung, where there is
 * not enough for all in order of importance; then all their full frame rate; then the pictures rise in that order, each
 * as far as its tile can use. The budget is never exceeded. What is sent now may stay while it fits; what would be more
 * must leave a margin, so that the result does not swing.
 */
public final class Allocator {
    /** What a raise must leave free, so that an estimate that trembles does not move layers to and fro. */
    static final double RAISE_MARGIN = 1.15;

    /** The choice for a picture that gets nothing: it is paused. */
    static final int NOTHING = -1;

    private Allocator() {}

    /** Why a picture comes before others. */
    public enum Importance {
        SCREEN,
        PINNED,
        SPEAKER,
        VISIBLE
    }

    /**
     * One way in which a picture could be sent.
     *
     * @param spatial layer of simulcast or of SVC, by index
     * @param temporal the highest temporal layer, {@link Selection#ALL} for the full frame rate
     * @param bps what it takes of the path
     */
    record Rung(int spatial, int temporal, long bps) {
        boolean sameLayers(Rung other) {
            return spatial == other.spatial && temporal == other.temporal;
        }
    }

    /**
     * A picture that the viewer shows.
     *
     * @param rungs that the tile has a use for, lowest first; those of one spatial layer follow each other
     * @param current index of the rung that is sent now, or {@link #NOTHING}
     */
    record Picture(Importance importance, List<Rung> rungs, int current) {
        Picture {
            rungs = List.copyOf(rungs);
        }

        long cost(int rung) {
            return rung == NOTHING ? 0 : rungs.get(rung).bps();
        }

        /** How many rungs there are up to the full frame rate of the lowest layer. */
        int base() {
            int base = 0;
            while (base < rungs.size()
                    && rungs.get(base).spatial() == rungs.getFirst().spatial()) {
                base++;
            }
            return base;
        }
    }

    /**
     * Divides.
     *
     * @param budgetBps what the path carries for pictures; {@link Long#MAX_VALUE}: no limit is known
     * @return the index of a rung for each picture, or {@link #NOTHING}, in their order
     */
    static int[] allocate(List<Picture> pictures, long budgetBps) {
        Division division = new Division(pictures, budgetBps);
        List<Integer> cameras = new ArrayList<>();
        int base = 0;
        for (int index : byImportance(pictures)) {
            Picture picture = pictures.get(index);
            if (picture.importance() == Importance.SCREEN) {
                division.raise(index, picture.rungs().size());
            } else {
                cameras.add(index);
                base = Math.max(base, picture.base());
            }
        }
        for (int rungs = 1; rungs <= base; rungs++) {
            for (int index : cameras) {
                division.raise(index, Math.min(rungs, pictures.get(index).base()));
            }
        }
        for (int index : cameras) {
            division.raise(index, pictures.get(index).rungs().size());
        }
        return division.choices;
    }

    /** The most important of several. */
    static int first(List<Picture> pictures) {
        return byImportance(pictures).getFirst();
    }

    private static List<Integer> byImportance(List<Picture> pictures) {
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < pictures.size(); i++) {
            order.add(i);
        }
        order.sort(Comparator.comparing(index -> pictures.get(index).importance()));
        return order;
    }

    /** Choices so far, and what they leave of the budget. */
    private static final class Division {
        private final List<Picture> pictures;
        private final boolean limited;
        private final int[] choices;
        private long left;

        Division(List<Picture> pictures, long budgetBps) {
            this.pictures = pictures;
            this.limited = budgetBps != Long.MAX_VALUE;
            this.left = budgetBps;
            this.choices = new int[pictures.size()];
            Arrays.fill(choices, NOTHING);
        }

        /** Moves one picture to the highest that fits of its first rungs; never down. */
        void raise(int index, int rungs) {
            Picture picture = pictures.get(index);
            long whole = left + (limited ? picture.cost(choices[index]) : 0);
            for (int rung = choices[index] + 1; rung < rungs; rung++) {
                long bps = picture.cost(rung);
                boolean more = bps > picture.cost(picture.current());
                if (!limited || (more ? bps * RAISE_MARGIN : bps) <= whole) {
                    choices[index] = rung;
                }
            }
            left = limited ? whole - picture.cost(choices[index]) : left;
        }
    }
}
