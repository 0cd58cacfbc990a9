package dev.weir.media;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Divides what a viewer's path carries among the pictures that he shows: a pure function, described in
 * {@code docs/allocation.md}. Shared screens take what they can use before anyone else; then come three passes over the
 * other pictures in order of importance, each taking what still fits:
 *
 * <ol>
 *   <li>something of everyone: the lowest layer at its lowest frame rate; who does not fit is paused
 *   <li>the lowest layer's full frame rate
 *   <li>up to what their tiles can use: pinned people first, then the speaker, then all others
 * </ol>
 *
 * What is sent now may stay while it fits; what would be more must leave a margin, so that the result does not swing.
 */
public final class Allocator {
    /** What a raise must leave free, so that an estimate that trembles does not move layers to and fro. */
    static final double RAISE_MARGIN = 1.15;

    private Allocator() {}

    /** Why a picture comes before others. */
    public enum Importance {
        SCREEN,
        PINNED,
        SPEAKER,
        VISIBLE
    }

    /**
     * One encoding as it could be sent.
     *
     * @param bps of all its temporal layers
     * @param baseBps of the lowest temporal layer alone; the same where there is only one
     */
    public record Encoding(int layer, long bps, long baseBps) {}

    /**
     * A picture that the viewer shows.
     *
     * @param encodings that can be had now and that the tile has a use for, lowest first; empty: nothing to send
     * @param current the choice made last for it, or {@link Choice#PAUSED}
     */
    public record Picture(Importance importance, List<Encoding> encodings, Choice current) {
        public Picture {
            encodings = List.copyOf(encodings);
        }
    }

    /**
     * What a picture gets.
     *
     * @param layer an encoding's, or -1: paused
     * @param fullRate all temporal layers, else the lowest alone
     */
    public record Choice(int layer, boolean fullRate) {
        public static final Choice PAUSED = new Choice(-1, false);

        public boolean paused() {
            return layer < 0;
        }
    }

    /**
     * Divides.
     *
     * @param budgetBps what the path carries for pictures; {@link Long#MAX_VALUE}: no limit is known
     * @param reduces whether a picture that does not fit whole may get a lower layer; else it is paused
     * @return a choice for each picture, in their order
     */
    public static List<Choice> allocate(List<Picture> pictures, long budgetBps, boolean reduces) {
        Choice[] choices = new Choice[pictures.size()];
        Arrays.fill(choices, Choice.PAUSED);
        Division division = new Division(pictures, choices, budgetBps);
        List<Integer> screens = new ArrayList<>();
        List<Integer> others = new ArrayList<>();
        for (int index : byImportance(pictures)) {
            (pictures.get(index).importance() == Importance.SCREEN ? screens : others).add(index);
        }
        if (reduces) {
            division.reduce(screens);
            division.reduce(others);
        } else {
            division.whole(screens);
            division.whole(others);
        }
        return List.of(choices);
    }

    private static Integer[] byImportance(List<Picture> pictures) {
        Integer[] order = new Integer[pictures.size()];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, Comparator.comparing(i -> pictures.get(i).importance()));
        return order;
    }

    /** One division under way. */
    private static final class Division {
        private final List<Picture> pictures;
        private final Choice[] choices;
        private long left;

        Division(List<Picture> pictures, Choice[] choices, long budgetBps) {
            this.pictures = pictures;
            this.choices = choices;
            this.left = budgetBps;
        }

        void reduce(List<Integer> order) {
            order.forEach(index -> raise(index, lowest(pictures.get(index), false)));
            order.forEach(index -> {
                if (!choices[index].paused()) {
                    raise(index, lowest(pictures.get(index), true));
                }
            });
            order.forEach(index -> {
                if (choices[index].fullRate()) {
                    pictures.get(index).encodings().forEach(encoding -> raise(index, full(encoding)));
                }
            });
        }

        void whole(List<Integer> order) {
            order.forEach(index -> {
                List<Encoding> encodings = pictures.get(index).encodings();
                if (!encodings.isEmpty()) {
                    raise(index, full(encodings.getLast()));
                }
            });
        }

        /** Puts a step in the place of what the picture has, if it fits. */
        private void raise(int index, Choice step) {
            Picture picture = pictures.get(index);
            long cost = cost(picture, step);
            long without = left == Long.MAX_VALUE ? left : left + cost(picture, choices[index]);
            boolean more = cost > cost(picture, picture.current());
            if (step.paused() || (more ? cost * RAISE_MARGIN : cost) > without) {
                return;
            }
            choices[index] = step;
            left = left == Long.MAX_VALUE ? left : without - cost;
        }
    }

    private static Choice lowest(Picture picture, boolean fullRate) {
        return picture.encodings().isEmpty()
                ? Choice.PAUSED
                : new Choice(picture.encodings().getFirst().layer(), fullRate);
    }

    private static Choice full(Encoding encoding) {
        return new Choice(encoding.layer(), true);
    }

    private static long cost(Picture picture, Choice choice) {
        for (Encoding encoding : picture.encodings()) {
            if (encoding.layer() == choice.layer()) {
                return choice.fullRate() ? encoding.bps() : encoding.baseBps();
            }
        }
        return 0;
    }
}
