package dev.weir.signal;

import java.util.List;

/**
 * A room's body (PROTOCOL section 2).
 *
 * @param mode what was asked for: {@code p2p}, {@code sfu} or {@code auto}
 * @param codecs video codecs in order of preference
 * @param audioSlots 1 to 16: how many voices a participant hears at once
 */
public record RoomOptions(
        String name,
        int maxParticipants,
        String mode,
        int autoSfuThreshold,
        long p2pReturnDelayMs,
        boolean adaptiveQuality,
        Simulcast simulcast,
        List<String> codecs,
        int audioSlots,
        int maxViewers,
        boolean waitingRoom,
        boolean locked,
        boolean e2ee) {

    public RoomOptions {
        codecs = List.copyOf(codecs);
    }

    /** @param layers lowest first */
    public record Simulcast(boolean enabled, List<Layer> layers) {
        public Simulcast {
            layers = List.copyOf(layers);
        }
    }

    /** One layer that publishers are to send. @param maxBitrate bits per second */
    public record Layer(String rid, int width, int height, int maxBitrate, int maxFramerate) {}

    /** Whether these may change into those while people are in: what their connections were made by stays. */
    public boolean mayBecome(RoomOptions after) {
        return name.equals(after.name)
                && simulcast.equals(after.simulcast)
                && codecs.equals(after.codecs)
                && audioSlots == after.audioSlots
                && e2ee == after.e2ee;
    }

    public RoomOptions withLocked(boolean lock) {
        return new RoomOptions(
                name,
                maxParticipants,
                mode,
                autoSfuThreshold,
                p2pReturnDelayMs,
                adaptiveQuality,
                simulcast,
                codecs,
                audioSlots,
                maxViewers,
                waitingRoom,
                lock,
                e2ee);
    }

    public static RoomOptions defaults(String name) {
        return new RoomOptions(
                name,
                200,
                "auto",
                4,
                5_000,
                true,
                new Simulcast(
                        true,
                        List.of(
                                new Layer("q", 320, 180, 150_000, 15),
                                new Layer("h", 640, 360, 500_000, 25),
                                new Layer("f", 1280, 720, 1_500_000, 30))),
                List.of("VP8", "H264", "VP9", "AV1"),
                3,
                10_000,
                false,
                false,
                false);
    }
}
