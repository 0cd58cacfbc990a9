package dev.weir.signal;

import java.util.List;

/** What a client asks once it has joined, apart from {@code join} and {@code offer}, which have messages of their own. */
public sealed interface Request {

    /**
     * What this viewer shows now. Replaces the one before.
     *
     * @param tiles most important first
     * @param audioOnly no video at all
     * @param mutedAudio participants whose audio is not wanted
     */
    record View(List<Tile> tiles, boolean audioOnly, List<String> mutedAudio) implements Request {
        public static final View NOTHING = new View(List.of(), false, List.of());

        public View {
            tiles = List.copyOf(tiles);
            mutedAudio = List.copyOf(mutedAudio);
        }
    }

    /** A picture on a viewer's page, in device pixels. */
    record Tile(String trackId, int width, int height, boolean pinned) {}

    record Mute(String trackId, boolean muted) implements Request {}

    record Unpublish(String trackId) implements Request {}

    record Leave() implements Request {}
}
