package dev.weir.client;

import dev.weir.dtls.DtlsParameters;
import java.util.List;

/**
 * What a client sends, and how much it can show.
 *
 * @param audio whether it has a microphone
 * @param layers of its camera, lowest first; empty: no camera, one: without simulcast
 * @param srtpProfiles what it offers in the handshake, as {@link DtlsParameters} has them
 * @param transportCc whether it numbers packets transport-wide and tells of ours; else there is REMB both ways
 * @param dtlsPassive whether it waits for the handshake that the server then has to begin
 */
public record ClientPlan(
        boolean audio,
        List<LayerPlan> layers,
        int framesPerSecond,
        int audioSlots,
        int videoSlots,
        List<Integer> srtpProfiles,
        boolean transportCc,
        boolean dtlsPassive) {
    /** Microphone and camera, four voices to hear (the last for screen audio) and two pictures to see. */
    public static final ClientPlan USUAL =
            new ClientPlan(true, List.of(new LayerPlan("", 640, 360, 4, 900)), 25, 4, 2, DtlsParameters.SRTP_PROFILES);

    /** The same in three layers, as the room's defaults have them. */
    public static final ClientPlan SIMULCAST = new ClientPlan(
            true,
            List.of(
                    new LayerPlan("q", 320, 180, 1, 500),
                    new LayerPlan("h", 640, 360, 3, 700),
                    new LayerPlan("f", 1280, 720, 6, 1_000)),
            25,
            4,
            2,
            DtlsParameters.SRTP_PROFILES);

    public ClientPlan {
        layers = List.copyOf(layers);
        srtpProfiles = List.copyOf(srtpProfiles);
    }

    public ClientPlan(
            boolean audio,
            List<LayerPlan> layers,
            int framesPerSecond,
            int audioSlots,
            int videoSlots,
            List<Integer> srtpProfiles) {
        this(audio, layers, framesPerSecond, audioSlots, videoSlots, srtpProfiles, true, false);
    }

    public ClientPlan with(int srtpProfile) {
        return new ClientPlan(
                audio, layers, framesPerSecond, audioSlots, videoSlots, List.of(srtpProfile), transportCc, dtlsPassive);
    }

    /** As a client that knows no transport-wide feedback. */
    public ClientPlan withRemb() {
        return new ClientPlan(audio, layers, framesPerSecond, audioSlots, videoSlots, srtpProfiles, false, dtlsPassive);
    }

    /** As FFmpeg 8 does it. */
    public ClientPlan waitingForHandshake() {
        return new ClientPlan(audio, layers, framesPerSecond, audioSlots, videoSlots, srtpProfiles, transportCc, true);
    }

    /** A player of one picture with its sound. */
    public static ClientPlan player() {
        return new ClientPlan(false, List.of(), 25, 1, 1, DtlsParameters.SRTP_PROFILES);
    }

    /** One camera and one microphone, and nothing to receive. */
    public static ClientPlan publisher() {
        return new ClientPlan(true, USUAL.layers(), 25, 0, 0, DtlsParameters.SRTP_PROFILES);
    }

    /**
     * One encoding of the camera.
     *
     * @param rid empty without simulcast
     * @param packets of each frame
     * @param packetBytes of each packet's payload
     */
    public record LayerPlan(String rid, int width, int height, int packets, int packetBytes) {}
}
