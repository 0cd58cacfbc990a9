package dev.weir.load;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** What is asked of one run of the generator. Whoever makes it has checked the numbers. */
public record LoadPlan(Target target, People people, Media media, Weather weather, Course course) {
    /**
     * Whom to load.
     *
     * @param server its http or https address; of WHIP and WHEP only its metrics
     * @param whip where publishers post their offers, with {@code {room}} and {@code {n}} to be filled in; empty: by
     *     WebSocket
     * @param whep the same for viewers
     * @param token an access token, good for all rooms
     * @param insecure whether any certificate will do
     * @param serverPid a process on this machine whose processor time is the server's; empty: as its metrics say
     */
    public record Target(
            URI server,
            Optional<String> whip,
            Optional<String> whep,
            Optional<String> token,
            boolean insecure,
            OptionalLong serverPid) {}

    /**
     * Who comes.
     *
     * @param room its name, or the beginning of their names if there are several
     * @param participants in each room, who send and receive
     * @param publishers in each room, who only send
     * @param viewers in each room, who only receive
     */
    public record People(String room, int rooms, int participants, int publishers, int viewers, int joinsPerSecond) {
        int perRoom() {
            return participants + publishers + viewers;
        }

        public int total() {
            return rooms * perRoom();
        }
    }

    /**
     * What they send and show.
     *
     * @param layers of a camera, lowest first; a single one goes without simulcast
     * @param temporalLayers 1 or 2
     * @param audio whether senders have microphones
     * @param talkers of a room's microphones so many send, the others are silent
     * @param cameras of a room's senders so many have a camera
     * @param cameraRoomsPercent the share of the rooms that have cameras at all
     * @param tiles pictures that a receiver shows at once
     * @param audioSlots voices that a receiver can hear at once
     * @param sha1 whether to ask for AES128_CM_HMAC_SHA1_80 instead of AEAD_AES_128_GCM
     */
    public record Media(
            List<LayerShape> layers,
            int temporalLayers,
            boolean audio,
            int talkers,
            int cameras,
            int cameraRoomsPercent,
            int tiles,
            int tileHeight,
            int audioSlots,
            boolean sha1) {
        public Media {
            layers = List.copyOf(layers);
        }
    }

    /** What the generator does to datagrams by itself: shares of 0 to 1 lost, and waiting in each direction. */
    public record Weather(double lossIn, double lossOut, int delayMs, int jitterMs) {
        static final Weather FAIR = new Weather(0, 0, 0, 0);

        boolean holdsBack() {
            return delayMs > 0 || jitterMs > 0;
        }
    }

    /**
     * How it goes on.
     *
     * @param warmupSeconds from the last join to the measured phase
     * @param churnPerSecond of the clients so many leave each second of the measured phase, and another comes for each
     * @param verifyOneOf of so many media packets one is decrypted and checked; of the others the header is read
     * @param loops event loops of the generator
     */
    public record Course(
            int warmupSeconds,
            int durationSeconds,
            double viewChangesPerSecond,
            double churnPerSecond,
            int verifyOneOf,
            int loops) {}
}
