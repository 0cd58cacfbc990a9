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

    private final int voiceSlots;
    private final List<Forwarder> voices = new ArrayList<>();
    private final List<Forwarder> videos = new ArrayList<>();
    private final Map<Track, Wish> shown = new LinkedHashMap<>();
    private final Map<Track, Integer> choices = new LinkedHashMap<>();
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
        shown.clear();
        for (Wish wish : wishes) {
            if (shown.size() < videos.size()) {
                shown.putIfAbsent(wish.track(), wish);
            }
        }
        choices.keySet().retainAll(shown.keySet());
        assign(now, videos, List.copyOf(shown.keySet()));
    }

    /**
     * Divides the viewer's bandwidth among his video slots.
     *
     * @param budgetBps what his path carries for pictures; {@link Long#MAX_VALUE}: all that the tiles can use
     * @return what all slots would take if the path carried it, in bits per second
     */
    public long allocate(long now, long budgetBps) {
        List<Forwarder> used = new ArrayList<>();
        List<Allocator.Picture> pictures = new ArrayList<>();
        long wanted = 0;
        for (Forwarder forwarder : videos) {
            Wish wish = shown.get(forwarder.track());
            if (wish != null) {
                Allocator.Picture picture = picture(now, wish);
                used.add(forwarder);
                pictures.add(picture);
                wanted += picture.encodings().getLast().bps();
            }
        }
        int[] layers = Allocator.allocate(pictures, budgetBps);
        for (int i = 0; i < layers.length; i++) {
            choices.put(used.get(i).track(), layers[i]);
            used.get(i).wantLayer(now, layers[i]);
        }
        return wanted;
    }

    /** Slots that carry a voice or a shared screen's sound. */
    public int audible() {
        int audible = screenAudio != null && screenAudio.track() != null ? 1 : 0;
        for (Forwarder voice : voices) {
            audible += voice.track() != null ? 1 : 0;
        }
        return audible;
    }

    private Allocator.Picture picture(long now, Wish wish) {
        List<Allocator.Encoding> encodings = new ArrayList<>();
        int most = wish.track().layerFor(wish.tileHeight());
        for (Layer layer : wish.track().layers()) {
            if (layer.index() <= most) {
                encodings.add(new Allocator.Encoding(layer.index(), layer.bps(now)));
            }
        }
        return new Allocator.Picture(
                wish.importance(), encodings, choices.getOrDefault(wish.track(), Allocator.NOTHING));
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
