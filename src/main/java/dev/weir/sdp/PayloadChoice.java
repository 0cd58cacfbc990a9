package dev.weir.sdp;

import dev.weir.rtp.Codec;
import dev.weir.rtp.MediaKind;
import dev.weir.sdp.SessionDescription.Payload;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A payload type that we take, as it stands in the answer. Of several payload types for one codec only the best is
 * taken, since a slot or a published layer is one format for us. FEC, comfort noise, DTMF and old telephony codecs are
 * never taken; RED (RFC 2198) is where it is of one Opus in the other, as browsers have it.
 *
 * @param rtx its RFC 4588 payload type, or -1
 * @param fmtp parameters for the answer, or empty
 */
record PayloadChoice(int payloadType, Codec codec, int rtx, String fmtp, Set<Feedback> feedback) {
    private static final Set<Feedback> AUDIO_FEEDBACK = EnumSet.of(Feedback.TRANSPORT_CC, Feedback.NACK);
    private static final Set<Feedback> VIDEO_FEEDBACK = EnumSet.allOf(Feedback.class);

    private static final String H264_PARAMETERS = "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=";
    private static final String H264_PREFERRED = "42e01f";

    /** In macroblocks: larger than any level of VP9 has. */
    private static final int MAX_FRAME_SIZE = 1 << 20;

    private static final int MAX_AV1_LEVEL = 31;

    /** No format of that codec fits. */
    private static final int UNFIT = -1;

    /** One for each codec that has a fitting payload type, in the codecs' order. */
    static List<PayloadChoice> choose(List<Payload> offered, List<Codec> codecs) {
        return codecs.stream()
                .map(codec -> codec == Codec.RED ? chooseRed(offered) : choose(offered, codec))
                .filter(Objects::nonNull)
                .toList();
    }

    /** Of the Opus that is chosen, else none. */
    private static PayloadChoice chooseRed(List<Payload> offered) {
        PayloadChoice opus = choose(offered, Codec.OPUS);
        if (opus == null) {
            return null;
        }
        String blocks = opus.payloadType() + "/" + opus.payloadType();
        return choose(
                offered.stream()
                        .filter(payload -> payload.fmtp().equals(blocks))
                        .toList(),
                Codec.RED);
    }

    private static PayloadChoice choose(List<Payload> offered, Codec codec) {
        Payload best = null;
        int bestRank = Integer.MAX_VALUE;
        for (Payload payload : offered) {
            int rank = rank(payload, codec);
            if (rank != UNFIT && rank < bestRank) {
                best = payload;
                bestRank = rank;
            }
        }
        if (best == null) {
            return null;
        }
        boolean audio = codec.kind() == MediaKind.AUDIO;
        Set<Feedback> feedback = EnumSet.copyOf(audio ? AUDIO_FEEDBACK : VIDEO_FEEDBACK);
        feedback.retainAll(best.feedback());
        int rtx = audio ? -1 : rtx(offered, best.payloadType());
        return new PayloadChoice(best.payloadType(), codec, rtx, answeredParameters(best, codec), feedback);
    }

    /** Lower is better; the first of the lowest rank is taken. */
    private static int rank(Payload payload, Codec codec) {
        if (!isDistinctFromRtcp(payload.payloadType())
                || !payload.encoding().equals(codec.encodingName().toLowerCase(Locale.ROOT))
                || payload.clockRate() != codec.clockRate()) {
            return UNFIT;
        }
        Map<String, String> parameters = payload.parameters();
        return switch (codec) {
            case OPUS, RED -> payload.channels() == 2 ? 0 : UNFIT; // RFC 7587 section 7: always opus/48000/2
            case VP8 -> 0;
            case VP9 -> parameters.getOrDefault("profile-id", "0").equals("0") ? 0 : UNFIT;
            case AV1 -> parameters.getOrDefault("profile", "0").equals("0") ? 0 : UNFIT;
            case H264 ->
                parameters.getOrDefault("packetization-mode", "0").equals("1")
                        ? h264Rank(
                                parameters.getOrDefault("profile-level-id", "").toLowerCase(Locale.ROOT))
                        : UNFIT;
        };
    }

    /**
     * Constrained baseline at level 3.1, then at any level, then baseline (RFC 6184 section 8.1, table 5). Its flags have
     * several spellings: browsers write 42e0, x264 42c0.
     */
    private static int h264Rank(String profileLevelId) {
        if (!profileLevelId.matches("42[0-9a-f]0[0-9a-f]{2}")) {
            return UNFIT;
        }
        if (profileLevelId.equals(H264_PREFERRED)) {
            return 0;
        }
        boolean constrained = (Character.digit(profileLevelId.charAt(2), 16) & 4) != 0;
        return constrained ? 1 : 2;
    }

    private static int rtx(List<Payload> offered, int payloadType) {
        String apt = Integer.toString(payloadType);
        for (Payload payload : offered) {
            if (payload.encoding().equals("rtx")
                    && isDistinctFromRtcp(payload.payloadType())
                    && apt.equals(payload.parameters().get("apt"))) {
                return payload.payloadType();
            }
        }
        return -1;
    }

    /** With rtcp-mux, 64 to 95 with a marker would read as RTCP packet types (RFC 5761 section 4). */
    private static boolean isDistinctFromRtcp(int payloadType) {
        return payloadType < 64 || payloadType > 95;
    }

    private static String answeredParameters(Payload offered, Codec codec) {
        Map<String, String> parameters = offered.parameters();
        return switch (codec) {
            case OPUS ->
                "minptime=10;useinbandfec=1;usedtx=1" + ("1".equals(parameters.get("stereo")) ? ";stereo=1" : "");
            case RED -> offered.fmtp();
            case VP8 -> repeated(parameters, MAX_FRAME_SIZE, "max-fs", "max-fr");
            case VP9 -> repeated(parameters, MAX_FRAME_SIZE, "profile-id", "max-fs", "max-fr");
            case H264 -> H264_PARAMETERS + H264_PREFERRED;
            case AV1 -> repeated(parameters, MAX_AV1_LEVEL, "level-idx", "profile", "tier");
        };
    }

    /**
     * As offered, since a browser compares them when it looks for its own codec: Firefox 153 forgets
     * {@code encodings[].codec} where max-fs and max-fr (RFC 7741 section 6.1, RFC 9628 section 6.1) do not come back.
     */
    private static String repeated(Map<String, String> offered, int most, String... names) {
        return Stream.of(names)
                .filter(name -> Tokens.number(offered.getOrDefault(name, ""), most) >= 0)
                .map(name -> name + "=" + offered.get(name))
                .collect(Collectors.joining(";"));
    }

    /** The payload type and its RTX, if it has one. */
    List<Integer> payloadTypes() {
        List<Integer> types = new ArrayList<>();
        types.add(payloadType);
        if (rtx >= 0) {
            types.add(rtx);
        }
        return types;
    }

    /** The same for an m-line without transport-wide numbers, on which there can be no feedback. */
    PayloadChoice withoutTransportFeedback() {
        Set<Feedback> others = EnumSet.noneOf(Feedback.class);
        others.addAll(feedback);
        others.remove(Feedback.TRANSPORT_CC);
        return new PayloadChoice(payloadType, codec, rtx, fmtp, others);
    }

    MediaOffer.Payload payload() {
        return new MediaOffer.Payload(payloadType, codec, rtx);
    }
}
