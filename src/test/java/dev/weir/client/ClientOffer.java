package dev.weir.client;

import dev.weir.dtls.Fingerprint;
import dev.weir.ice.IceCredentials;
import dev.weir.rtp.Codec;
import dev.weir.rtp.Extension;
import dev.weir.rtp.ExtensionIds;
import dev.weir.rtp.MediaKind;
import dev.weir.sdp.MediaOffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A client's offer as a shard gets it, with the payload types and extension ids of Chromium. */
final class ClientOffer {
    static final String AUDIO_MID = "0";
    static final String VIDEO_MID = "1";

    static final int OPUS = 111;
    static final int VP8 = 96;
    static final int VP8_RTX = 97;

    static final Map<Extension, Integer> AUDIO_EXTENSIONS =
            Map.of(Extension.AUDIO_LEVEL, 1, Extension.ABS_SEND_TIME, 2, Extension.TRANSPORT_CC, 3, Extension.MID, 4);

    static final Map<Extension, Integer> VIDEO_EXTENSIONS = Map.of(
            Extension.ABS_SEND_TIME,
            2,
            Extension.TRANSPORT_CC,
            3,
            Extension.MID,
            4,
            Extension.RID,
            10,
            Extension.REPAIRED_RID,
            11);

    private static final int FIRST_SLOT_MID = 10;

    private ClientOffer() {}

    /** @param camera the camera's streams, empty where it is off or there is none */
    static MediaOffer of(ClientPlan plan, IceCredentials local, Fingerprint own, List<SendingStream> camera) {
        List<MediaOffer.Section> sections = new ArrayList<>();
        sections.add(audio(AUDIO_MID, true, plan.audio()));
        if (!plan.layers().isEmpty()) {
            sections.add(camera(plan, camera));
        }
        for (int i = 0; i < plan.audioSlots(); i++) {
            sections.add(audio(String.valueOf(FIRST_SLOT_MID + i), false, true));
        }
        for (int i = 0; i < plan.videoSlots(); i++) {
            sections.add(
                    video(String.valueOf(FIRST_SLOT_MID + plan.audioSlots() + i), false, true, List.of(), List.of()));
        }
        return new MediaOffer(
                local.ufrag(),
                local.pwd(),
                List.of(new MediaOffer.Hash(own.algorithm(), own.hex())),
                plan.dtlsPassive(),
                plan.transportCc()
                        ? sections
                        : sections.stream().map(ClientOffer::withRemb).toList());
    }

    private static MediaOffer.Section withRemb(MediaOffer.Section section) {
        Map<Extension, Integer> extensions = new HashMap<>(section.extensions());
        extensions.remove(Extension.TRANSPORT_CC);
        return new MediaOffer.Section(
                section.mid(),
                section.kind(),
                section.sending(),
                section.active(),
                section.payloads(),
                extensions,
                section.rids(),
                section.ssrcs(),
                section.sending() && section.kind() == MediaKind.VIDEO);
    }

    /** What of these the plan uses. */
    static ExtensionIds ids(ClientPlan plan, Map<Extension, Integer> extensions) {
        Map<Extension, Integer> used = new HashMap<>(extensions);
        if (!plan.transportCc()) {
            used.remove(Extension.TRANSPORT_CC);
        }
        return ExtensionIds.of(used);
    }

    /** Layers go by rid and are not announced, as Chromium does it; a camera without them goes by its SSRCs too. */
    private static MediaOffer.Section camera(ClientPlan plan, List<SendingStream> camera) {
        boolean simulcast = plan.layers().size() > 1;
        List<String> rids = simulcast
                ? plan.layers().stream().map(ClientPlan.LayerPlan::rid).toList()
                : List.of();
        List<MediaOffer.Ssrc> announced = simulcast
                ? List.of()
                : camera.stream()
                        .map(stream -> new MediaOffer.Ssrc(stream.ssrc(), stream.rtxSsrc()))
                        .toList();
        return video(VIDEO_MID, true, !camera.isEmpty(), rids, announced);
    }

    private static MediaOffer.Section audio(String mid, boolean sending, boolean active) {
        List<MediaOffer.Payload> payloads = List.of(new MediaOffer.Payload(OPUS, Codec.OPUS, -1));
        return new MediaOffer.Section(
                mid, MediaKind.AUDIO, sending, active, payloads, AUDIO_EXTENSIONS, List.of(), List.of());
    }

    private static MediaOffer.Section video(
            String mid, boolean sending, boolean active, List<String> rids, List<MediaOffer.Ssrc> announced) {
        List<MediaOffer.Payload> payloads = List.of(new MediaOffer.Payload(VP8, Codec.VP8, VP8_RTX));
        return new MediaOffer.Section(
                mid, MediaKind.VIDEO, sending, active, payloads, VIDEO_EXTENSIONS, rids, announced);
    }
}
