package dev.weir.media;

import dev.weir.media.Allocator.Picture;
import dev.weir.media.Allocator.Rung;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One viewer's pictures with what was chosen for each last: asks the {@link Allocator} again and again, and tells the
 * forwarders. A picture that does not fit any more goes on for a short while at its lowest before it is paused, since an
 * estimate that has just fallen often comes back.
 */
final class Allocation {
    /** Shorter would pause for what a step down of others mends; longer would fill the path's queue. */
    static final long PATIENCE_NANOS = TimeBase.SECOND;

    /** No patience with a picture that takes more than so many times of what there is: it would drown the voices. */
    private static final int HOPELESS = 2;

    static final long NOT_WHOLE = -1;

    /** @param rung null: paused @param shortSince when it last was without a rung that fits, or -1: it has one */
    private record Share(Rung rung, long shortSince) {}

    private static final Share NEW = new Share(null, -1);

    private final Map<Track, Share> shares = new HashMap<>();
    private DecodeLimits limits = DecodeLimits.NONE;

    /** How layers are left that are above what is chosen. */
    private Haste haste = Haste.NONE;

    void limit(DecodeLimits to) {
        limits = to;
    }

    /** Forgets the tracks that are not shown any more. */
    void retain(Map<Track, Slots.Wish> shown) {
        shares.keySet().retainAll(shown.keySet());
    }

    /**
     * Divides.
     *
     * @param slots those that show something, most important first
     * @param shown what they show
     * @param budgetBps what the path carries for pictures; {@link Long#MAX_VALUE}: all that the tiles can use
     * @param reduces whether a picture that does not fit may be sent smaller, rather than paused
     * @return what all would take if the path carried it, in bits per second
     */
    long divide(long now, List<Forwarder> slots, Map<Track, Slots.Wish> shown, long budgetBps, boolean reduces) {
        List<Picture> pictures = new ArrayList<>();
        long wanted = 0;
        for (Forwarder slot : slots) {
            Picture picture = picture(now, shown.get(slot.track()), reduces);
            pictures.add(picture);
            wanted += picture.rungs().getLast().bps();
        }
        int[] rungs = Allocator.allocate(pictures, budgetBps);
        haste = haste(now, slots, budgetBps);
        int kept = rungs.length > 0 && nothingFits(rungs) ? Allocator.first(pictures) : Allocator.NOTHING;
        for (int i = 0; i < rungs.length; i++) {
            boolean hopeless = pictures.get(i).cost(0) / HOPELESS > budgetBps;
            apply(now, slots.get(i), pictures.get(i), rungs[i], i == kept, hopeless);
        }
        return wanted;
    }

    /**
     * What all pictures take where each was chosen as its tile can use it and the path carries that, so that there is
     * nothing to decide; else {@link #NOT_WHOLE}. That is how it nearly always is, and it makes no garbage.
     */
    long wholeBps(long now, List<Forwarder> slots, Map<Track, Slots.Wish> shown, long budgetBps) {
        long bps = 0;
        long sent = 0;
        int found = 0;
        for (int i = 0; i < slots.size(); i++) {
            Slots.Wish wish = shown.get(slots.get(i).track());
            if (wish == null) {
                continue;
            }
            Share share = shares.get(wish.track());
            int most = wish.track().layerFor(limits.height(wish.tileHeight(), wish.importance()), limits.maxHeight());
            int top = Ladder.top(wish.track(), most);
            if (haste != Haste.NONE
                    || slots.get(i).paused()
                    || share == null
                    || share.rung() == null
                    || share.shortSince() >= 0) {
                return NOT_WHOLE;
            }
            if (share.rung().spatial() != top || share.rung().temporal() != Selection.ALL) {
                return NOT_WHOLE;
            }
            found++;
            bps += Ladder.bps(now, wish.track(), top);
            sent += slots.get(i).sentBps(now, true);
        }
        return found == shown.size() && Math.max(bps, sent) <= budgetBps ? bps : NOT_WHOLE;
    }

    /** By what is sent now, which lags behind what was chosen before. */
    private static Haste haste(long now, List<Forwarder> slots, long budgetBps) {
        long whole = 0;
        long least = 0;
        for (Forwarder slot : slots) {
            whole += slot.sentBps(now, true);
            least += slot.sentBps(now, false);
        }
        return least > budgetBps ? Haste.AT_ONCE : whole > budgetBps ? Haste.THINNED : Haste.NONE;
    }

    private Picture picture(long now, Slots.Wish wish, boolean reduces) {
        Track track = wish.track();
        int height = limits.height(wish.tileHeight(), wish.importance());
        List<Rung> rungs = Ladder.of(now, track, track.layerFor(height, limits.maxHeight()));
        if (!reduces) {
            rungs = List.of(rungs.getLast());
        }
        return new Picture(
                wish.importance(),
                rungs,
                current(rungs, shares.getOrDefault(track, NEW).rung()));
    }

    /** Where what is sent now stands among the rungs: where its own is gone, since the tile shrank, the highest. */
    private static int current(List<Rung> rungs, Rung sent) {
        if (sent == null) {
            return Allocator.NOTHING;
        }
        for (int i = 0; i < rungs.size(); i++) {
            if (rungs.get(i).sameLayers(sent)) {
                return i;
            }
        }
        return rungs.size() - 1;
    }

    private static boolean nothingFits(int[] rungs) {
        for (int rung : rungs) {
            if (rung != Allocator.NOTHING) {
                return false;
            }
        }
        return true;
    }

    /**
     * @param kept whether it is tried where nothing fits, so that the viewer has a picture
     * @param hopeless whether it is not tried
     */
    private void apply(long now, Forwarder slot, Picture picture, int chosen, boolean kept, boolean hopeless) {
        Share before = shares.getOrDefault(slot.track(), NEW);
        if (chosen != Allocator.NOTHING) {
            take(now, slot, picture.rungs().get(chosen), -1);
            return;
        }
        boolean tried = before.rung() != null || kept && before == NEW;
        long since = before.shortSince() < 0 ? now : before.shortSince();
        if (tried && !hopeless && now - since < PATIENCE_NANOS) {
            take(now, slot, picture.rungs().getFirst(), since);
            return;
        }
        shares.put(slot.track(), new Share(null, since));
        slot.pause(now);
    }

    private void take(long now, Forwarder slot, Rung rung, long shortSince) {
        shares.put(slot.track(), new Share(rung, shortSince));
        slot.want(now, rung.spatial(), rung.temporal(), haste);
    }
}
