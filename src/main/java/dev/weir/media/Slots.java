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
    public record Wish(Track track, int tileHeight) {}

    private final int voiceSlots;
    private final List<Forwarder> voices = new ArrayList<>();
    private final List<Forwarder> videos = new ArrayList<>();
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
        }
    }

    /** Fills the video slots. @param wishes most important first; what is beyond the slots gets none */
    public void showVideos(long now, List<Wish> wishes) {
        Map<Track, Wish> wanted = new LinkedHashMap<>();
        for (Wish wish : wishes) {
            if (wanted.size() < videos.size()) {
                wanted.putIfAbsent(wish.track(), wish);
            }
        }
        assign(now, videos, List.copyOf(wanted.keySet()));
        for (Forwarder forwarder : videos) {
            Wish wish = wanted.get(forwarder.track());
            if (wish != null) {
                forwarder.wantLayer(now, wish.track().layerFor(wish.tileHeight()));
            }
        }
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
        all().forEach(forwarder -> forwarder.onTimeout(now));
    }

    /** Every slot, full or empty. */
    public List<Forwarder> all() {
        List<Forwarder> all = new ArrayList<>(voices);
        if (screenAudio != null) {
            all.add(screenAudio);
        }
        all.addAll(videos);
        return all;
    }

    public void close() {
        all().forEach(Forwarder::close);
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
