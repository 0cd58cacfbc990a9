package dev.weir.signal;

import java.util.List;

/** What a client asks once it has joined, apart from {@code join} and {@code offer}, which have messages of their own. */
public sealed interface Request
        permits Request.View, Request.Mute, Request.Unpublish, Request.Quality, Request.Leave, RoomRequest {

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

        public boolean names(String trackId) {
            return tiles.stream().anyMatch(tile -> tile.trackId().equals(trackId));
        }
    }

    /** A picture on a viewer's page, in device pixels. */
    record Tile(String trackId, int width, int height, boolean pinned) {}

    record Mute(String trackId, boolean muted) implements Request {}

    record Unpublish(String trackId) implements Request {}

    /**
     * What a browser measures of its own call. The latest counts.
     *
     * @param cpuLimited it does not keep up with encoding or decoding
     * @param rttMs to the server, 0 unknown
     * @param jitterMs the worst of what it receives
     * @param lossIn share of packets lost on the way to it, 0 to 1
     * @param framesDropped share of the received frames that it did not show, 0 to 1
     * @param decodeLoad time spent on decoding pictures, in processors' worth of time
     */
    record Quality(boolean cpuLimited, int rttMs, int jitterMs, double lossIn, double framesDropped, double decodeLoad)
            implements Request {
        public static final Quality UNKNOWN = new Quality(false, 0, 0, 0, 0, 0);
    }

    record Leave() implements Request {}
}
