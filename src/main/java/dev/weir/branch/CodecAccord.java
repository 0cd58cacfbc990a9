package dev.weir.branch;

import dev.weir.rtp.Codec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Keeps a room of several codecs in accord: whoever shows a picture that he cannot decode is told so, once for each
 * codec that it comes in, and its publisher is asked for a codec that all can take, where there is one. What the
 * publisher really sends is seen in his packets and made known, so whoever waited gets the picture without another word.
 */
final class CodecAccord {
    /** How often slots are looked at. */
    static final long INTERVAL_NANOS = 100_000_000;

    /**
     * A picture in a viewer's slot that does not take its codec.
     *
     * @param codec of its packets
     */
    record Undecodable(String viewer, String trackId, Codec codec) {}

    /** What can be seen of a branch. */
    interface Pictures {
        List<Undecodable> undecodable();

        /** The tracks of pictures that are published here. */
        List<String> published();

        boolean isHere(String viewer);

        boolean isPublished(String trackId);

        /** What a track's packets carry; empty while there are none. */
        Optional<Codec> codecOf(String trackId);

        /** What its publisher could send so that all decode it. */
        Optional<Codec> alternative(String trackId);

        void tellUndecodable(String viewer, String trackId, Codec codec);

        void askForCodec(String trackId, Codec codec);

        /** Makes known to all what a track comes in. */
        void announce(String trackId, Codec codec);
    }

    private record Telling(String viewer, String trackId) {}

    /** @param present what came when it was asked */
    private record Asking(Codec present, Codec wanted) {}

    private final Map<Telling, Codec> told = new HashMap<>();
    private final Map<String, Asking> asked = new HashMap<>();
    private final Map<String, Codec> present = new HashMap<>();
    private long next;

    boolean isDue(long now) {
        return now >= next;
    }

    void onTimeout(long now, Pictures pictures) {
        if (!isDue(now)) {
            return;
        }
        next = now + INTERVAL_NANOS;
        if (!told.isEmpty() || !asked.isEmpty()) {
            forget(pictures);
        }
        announce(pictures);
        List<Undecodable> undecodable = pictures.undecodable();
        if (!undecodable.isEmpty()) {
            tell(pictures, undecodable);
        }
    }

    private void forget(Pictures pictures) {
        told.entrySet()
                .removeIf(entry -> !pictures.isHere(entry.getKey().viewer())
                        || isOver(pictures, entry.getKey().trackId(), entry.getValue()));
        asked.entrySet()
                .removeIf(entry ->
                        isOver(pictures, entry.getKey(), entry.getValue().present()));
    }

    private void tell(Pictures pictures, List<Undecodable> undecodable) {
        Map<String, Codec> unseen = new HashMap<>();
        for (Undecodable picture : undecodable) {
            tell(pictures, picture);
            unseen.put(picture.trackId(), picture.codec());
        }
        unseen.forEach((trackId, codec) -> ask(pictures, trackId, codec));
    }

    /** Late joiners are to know what comes, which the publisher's offer does not say. */
    private void announce(Pictures pictures) {
        present.keySet().removeIf(trackId -> !pictures.isPublished(trackId));
        for (String trackId : pictures.published()) {
            Codec now = pictures.codecOf(trackId).orElse(null);
            if (now != null && present.put(trackId, now) != now) {
                pictures.announce(trackId, now);
            }
        }
    }

    /** Whether a track is gone, or comes in another codec by now. One that rests is as it was. */
    private static boolean isOver(Pictures pictures, String trackId, Codec codec) {
        return !pictures.isPublished(trackId)
                || pictures.codecOf(trackId).filter(now -> now != codec).isPresent();
    }

    private void tell(Pictures pictures, Undecodable picture) {
        Telling telling = new Telling(picture.viewer(), picture.trackId());
        if (told.put(telling, picture.codec()) != picture.codec()) {
            pictures.tellUndecodable(picture.viewer(), picture.trackId(), picture.codec());
        }
    }

    private void ask(Pictures pictures, String trackId, Codec present) {
        Optional<Codec> wanted = pictures.alternative(trackId).filter(codec -> codec != present);
        if (wanted.isEmpty()) {
            return;
        }
        Asking asking = new Asking(present, wanted.get());
        if (!asking.equals(asked.put(trackId, asking))) {
            pictures.askForCodec(trackId, wanted.get());
        }
    }
}
