package dev.weir.media;

import dev.weir.rtp.MediaKind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All slots of one viewer, and which track sits in which. A track that stays wanted stays in its slot; new ones take
 * slots that are free.
 */
public final class Slots {
    /** A wish for a video track. @param tileHeight in device pixels */
    public record Wish(Track track, int tileHeight, Allocator.Importance importance) {}

    /** A silent voice may speak at any moment. */
    private static final long LEAST_AUDIO_BPS = 50_000;

    private final int voiceSlots;
    private final List<Forwarder> voices = new ArrayList<>();
    private final List<Forwarder> videos = new ArrayList<>();
    private final List<Forwarder> all = new ArrayList<>();
    private final Map<Track, Wish> shown = new LinkedHashMap<>();
    private final Allocation allocation = new Allocation();
    private DecodeLimits limits = DecodeLimits.NONE;
    private Forwarder screenAudio;

    /** @param voiceSlots how many audio slots are for voices; the audio slot after these is for screen audio */
    public Slots(int voiceSlots) {
        this.voiceSlots = voiceSlots;
    }

    /** Takes in a slot, in the order of the offer's m-lines. */
    public void add(Forwarder forwarder) {
        if (forwarder.stream().kind() == MediaKind.VIDEO) {
            videos.add(forwarder);
        } else if (voices.size() < voiceSlots) {
            voices.add(forwarder);
        } else if (screenAudio == null) {
            screenAudio = forwarder;
        } else {
            return;
        }
        all.add(forwarder);
    }

    /** Fills the video slots. @param wishes most important first; what is beyond the slots gets none */
    public void showVideos(long now, List<Wish> wishes) {
        shown.clear();
        for (Wish wish : wishes) {
            if (shown.size() < Math.min(videos.size(), limits.maxStreams())) {
                shown.putIfAbsent(wish.track(), wish);
            }
        }
        allocation.retain(shown);
        assign(now, videos, List.copyOf(shown.keySet()));
    }

    /**
     * Divides the viewer's bandwidth among his video slots.
     *
     * @param budgetBps what his path carries for pictures; {@link Long#MAX_VALUE}: all that the tiles can use
     * @param reduces whether a picture that does not fit may be sent smaller, rather than paused
     * @return what all slots would take if the path carried it, in bits per second
     */
    public long allocate(long now, long budgetBps, boolean reduces) {
        long whole = allocation.wholeBps(now, videos, shown, budgetBps);
        if (whole != Allocation.NOT_WHOLE) {
            return whole;
        }
        List<Forwarder> used = new ArrayList<>();
        for (Track track : shown.keySet()) {
            for (Forwarder forwarder : videos) {
                if (forwarder.track() == track) {
                    used.add(forwarder);
                }
            }
        }
        return allocation.divide(now, used, shown, budgetBps, reduces);
    }

    /** What the viewer's device can decode, from the next filling and allocation on. */
    public void limit(DecodeLimits to) {
        limits = to;
        allocation.limit(to);
    }

    /** What sound takes of the path, in bits per second: each voice that has a slot as much as it does, but some. */
    public long audioBps(long now) {
        long bps = screenAudio == null ? 0 : audioBps(now, screenAudio);
        for (Forwarder voice : voices) {
            bps += audioBps(now, voice);
        }
        return bps;
    }

    private static long audioBps(long now, Forwarder slot) {
        Track track = slot.track();
        return track == null
                ? 0
                : Math.max(LEAST_AUDIO_BPS, track.layers().getFirst().bps(now, Selection.ALL, Selection.ALL));
    }

    /** Fills the voice slots. @param tracks whom this viewer is to hear, at most as many as there are slots count */
    public void hear(long now, List<Track> tracks) {
        assign(now, voices, tracks.subList(0, Math.min(tracks.size(), voices.size())));
    }

    /** @param track null: nobody shares his screen's sound */
    public void hearScreen(long now, Track track) {
        if (screenAudio != null) {
            screenAudio.show(now, track);
        }
    }

    public void onTimeout(long now) {
        for (int i = 0; i < all.size(); i++) {
            all.get(i).onTimeout(now);
        }
    }

    public long nextTimeout() {
        long next = Long.MAX_VALUE;
        for (int i = 0; i < all.size(); i++) {
            next = Math.min(next, all.get(i).nextTimeout());
        }
        return next;
    }

    /** Every slot, full or empty. */
    public List<Forwarder> all() {
        return all;
    }

    public void close() {
        all.forEach(Forwarder::close);
    }

    private static void assign(long now, List<Forwarder> slots, List<Track> wanted) {
        List<Track> without = new ArrayList<>(wanted);
        List<Forwarder> free = new ArrayList<>();
        for (Forwarder forwarder : slots) {
            if (forwarder.track() == null || !without.remove(forwarder.track())) {
                free.add(forwarder);
            }
        }
        for (Forwarder forwarder : free) {
            forwarder.show(now, without.isEmpty() ? null : without.removeFirst());
        }
    }
}
