package dev.weir.media;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Divides what a viewer's path carries among the pictures that he shows: a pure function, described in
 * {@code docs/allocation.md}. Everyone gets his lowest layer; then the pictures rise in order of importance, each as far
 * as its tile can use and the budget allows. What is sent now may stay while it fits; what would be more must leave a
 * margin, so that the result does not swing.
 */
public final class Allocator {
    /** What a raise must leave free, so that an estimate that trembles does not move layers to and fro. */
    static final double RAISE_MARGIN = 1.15;

    /** The choice for a picture that has no encodings. */
    static final int NOTHING = -1;

    private Allocator() {}

    /** Why a picture comes before others. */
    public enum Importance {
        SCREEN,
        PINNED,
        SPEAKER,
        VISIBLE
    }

    /** One encoding as it could be sent. @param bps what it takes of the path */
    record Encoding(int layer, long bps) {}

    /**
     * A picture that the viewer shows.
     *
     * @param encodings that the tile has a use for, lowest first
     * @param current the layer chosen last, or {@link #NOTHING}
     */
    record Picture(Importance importance, List<Encoding> encodings, int current) {
        Picture {
            encodings = List.copyOf(encodings);
        }

        long cost(int layer) {
            for (Encoding encoding : encodings) {
                if (encoding.layer() == layer) {
                    return encoding.bps();
                }
            }
            return 0;
        }
    }

    /**
     * Divides.
     *
     * @param budgetBps what the path carries for pictures; {@link Long#MAX_VALUE}: no limit is known
     * @return a layer for each picture, in their order
     */
    static int[] allocate(List<Picture> pictures, long budgetBps) {
        int[] layers = new int[pictures.size()];
        long left = budgetBps;
        for (int i = 0; i < layers.length; i++) {
            Picture picture = pictures.get(i);
            layers[i] = picture.encodings().isEmpty()
                    ? NOTHING
                    : picture.encodings().getFirst().layer();
            left -= left == Long.MAX_VALUE ? 0 : picture.cost(layers[i]);
        }
        for (int index : byImportance(pictures)) {
            left = raise(pictures.get(index), layers, index, left);
        }
        return layers;
    }

    private static List<Integer> byImportance(List<Picture> pictures) {
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < pictures.size(); i++) {
            order.add(i);
        }
        order.sort(Comparator.comparing(index -> pictures.get(index).importance()));
        return order;
    }

    /** The highest that fits. @return what is left then */
    private static long raise(Picture picture, int[] layers, int index, long left) {
        if (left == Long.MAX_VALUE) {
            layers[index] = picture.encodings().isEmpty()
                    ? NOTHING
                    : picture.encodings().getLast().layer();
            return left;
        }
        long whole = left + picture.cost(layers[index]);
        for (Encoding encoding : picture.encodings()) {
            boolean more = encoding.bps() > picture.cost(picture.current());
            if ((more ? encoding.bps() * RAISE_MARGIN : encoding.bps()) <= whole) {
                layers[index] = encoding.layer();
            }
        }
        return whole - picture.cost(layers[index]);
    }
}
