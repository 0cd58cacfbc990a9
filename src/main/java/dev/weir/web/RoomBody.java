package dev.weir.web;

import dev.weir.rtp.Codec;
import dev.weir.signal.ErrorCode;
import dev.weir.signal.RoomOptions;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads a room's body (PROTOCOL section 2); what it does not hold stays as it was. Throws {@link Fields.Wrong}. */
final class RoomBody {
    static final int MAX_PARTICIPANTS = 10_000;
    static final int MAX_VIEWERS = 1_000_000;
    static final int MAX_LAYERS = 4;
    static final int MAX_AUDIO_SLOTS = 16;
    private static final int MAX_NAME = 128;
    private static final int MAX_WORD = 16;
    private static final int MAX_SIDE = 7_680;
    private static final int MIN_SIDE = 16;
    private static final int MIN_BITRATE = 10_000;
    private static final int MAX_BITRATE = 50_000_000;
    private static final int MAX_FRAMERATE = 120;
    private static final int MAX_RETURN_DELAY_MS = 3_600_000;

    private RoomBody() {}

    static String name(Fields body) {
        String name = body.text("name", 1, MAX_NAME);
        if (!Names.isRoom(name)) {
            throw new Fields.Wrong("name has to be 1 to 128 letters, digits, '-', '_' or '.'");
        }
        return name;
    }

    static RoomOptions read(Fields body, RoomOptions before) {
        if (body.has("name") && !name(body).equals(before.name())) {
            throw new Fields.Wrong("name cannot be changed");
        }
        boolean e2ee = body.flagOr("e2ee", before.e2ee());
        if (e2ee) {
            throw notYet("End-to-end encryption");
        }
        return new RoomOptions(
                before.name(),
                body.numberOr("maxParticipants", 1, MAX_PARTICIPANTS, before.maxParticipants()),
                mode(body, before.mode()),
                body.numberOr("autoSfuThreshold", 2, MAX_PARTICIPANTS, before.autoSfuThreshold()),
                body.numberOr("p2pReturnDelayMs", 0, MAX_RETURN_DELAY_MS, (int) before.p2pReturnDelayMs()),
                body.flagOr("adaptiveQuality", before.adaptiveQuality()),
                body.object("simulcast")
                        .map(simulcast -> simulcast(simulcast, before.simulcast()))
                        .orElse(before.simulcast()),
                body.has("codecs") ? codecs(body) : before.codecs(),
                body.numberOr("audioSlots", 1, MAX_AUDIO_SLOTS, before.audioSlots()),
                body.numberOr("maxViewers", 0, MAX_VIEWERS, before.maxViewers()),
                body.flagOr("waitingRoom", before.waitingRoom()),
                body.flagOr("locked", before.locked()),
                false);
    }

    private static String mode(Fields body, String before) {
        String mode = body.textOr("mode", MAX_WORD, before);
        return switch (mode) {
            case "auto", "sfu" -> mode;
            case "p2p" -> throw notYet("The mode p2p");
            default -> throw new Fields.Wrong("mode has to be auto, sfu or p2p");
        };
    }

    private static RoomOptions.Simulcast simulcast(Fields simulcast, RoomOptions.Simulcast before) {
        if (!simulcast.has("layers")) {
            return new RoomOptions.Simulcast(simulcast.flagOr("enabled", before.enabled()), before.layers());
        }
        List<RoomOptions.Layer> layers = simulcast.objects("layers", MAX_LAYERS).stream()
                .map(RoomBody::layer)
                .toList();
        Set<String> rids = new HashSet<>();
        int height = 0;
        for (RoomOptions.Layer layer : layers) {
            if (!rids.add(layer.rid()) || layer.height() < height) {
                throw new Fields.Wrong("simulcast.layers has to hold each rid once, the lowest picture first");
            }
            height = layer.height();
        }
        if (layers.isEmpty()) {
            throw new Fields.Wrong("simulcast.layers has to hold 1 to " + MAX_LAYERS);
        }
        return new RoomOptions.Simulcast(simulcast.flagOr("enabled", before.enabled()), layers);
    }

    /** A rid is letters and digits (RFC 8851 section 10), and short, for it rides in a header extension. */
    private static RoomOptions.Layer layer(Fields layer) {
        String rid = layer.text("rid", 1, MAX_WORD);
        if (!rid.matches("[A-Za-z0-9]+")) {
            throw new Fields.Wrong("simulcast.layers[].rid has to be letters and digits");
        }
        return new RoomOptions.Layer(
                rid,
                layer.number("width", MIN_SIDE, MAX_SIDE),
                layer.number("height", MIN_SIDE, MAX_SIDE),
                layer.number("maxBitrate", MIN_BITRATE, MAX_BITRATE),
                layer.number("maxFramerate", 1, MAX_FRAMERATE));
    }

    private static List<String> codecs(Fields body) {
        List<String> codecs = body.texts("codecs", Codec.values().length, MAX_WORD).stream()
                .map(name -> Codec.video(name)
                        .map(Codec::encodingName)
                        .orElseThrow(() -> new Fields.Wrong("codecs has to hold some of VP8, H264, VP9 and AV1")))
                .toList();
        if (codecs.isEmpty() || Set.copyOf(codecs).size() != codecs.size()) {
            throw new Fields.Wrong("codecs has to hold each once, and one at least");
        }
        return codecs;
    }

    private static Refusal notYet(String what) {
        return Refusal.of(ErrorCode.NOT_IMPLEMENTED, what + " is not in this release.");
    }

    /** Whether a body asks for what a room is already. */
    static Optional<Problem> difference(RoomOptions wanted, RoomOptions there) {
        return wanted.equals(there)
                ? Optional.empty()
                : Optional.of(
                        Problem.of(ErrorCode.CONFLICT, "There is a room of that name, with other options than these."));
    }
}
