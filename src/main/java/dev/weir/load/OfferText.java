package dev.weir.load;

import dev.weir.dtls.Fingerprint;
import dev.weir.ice.IceCredentials;
import dev.weir.rtp.Extension;
import dev.weir.rtp.ExtensionIds;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A client's offer (RFC 9429), with the payload types and extension ids of Chromium: one codec, no candidates. */
final class OfferText {
    static final String MICROPHONE_MID = "0";
    static final String CAMERA_MID = "1";

    static final int OPUS = 111;
    static final int VP8 = 96;
    static final int VP8_RTX = 97;

    static final Map<Extension, Integer> EXTENSIONS = Map.of(
            Extension.AUDIO_LEVEL, 1,
            Extension.ABS_SEND_TIME, 2,
            Extension.TRANSPORT_CC, 3,
            Extension.MID, 4,
            Extension.RID, 10,
            Extension.REPAIRED_RID, 11);

    static final ExtensionIds IDS = ExtensionIds.of(EXTENSIONS);

    private static final int FIRST_SLOT_MID = 2;

    private static final List<Extension> OF_AUDIO =
            List.of(Extension.AUDIO_LEVEL, Extension.ABS_SEND_TIME, Extension.TRANSPORT_CC, Extension.MID);
    private static final List<Extension> OF_VIDEO = List.of(
            Extension.ABS_SEND_TIME, Extension.TRANSPORT_CC, Extension.MID, Extension.RID, Extension.REPAIRED_RID);

    private final StringBuilder text = new StringBuilder();
    private final List<String> mids = new ArrayList<>();
    private final IceCredentials ice;
    private final Fingerprint fingerprint;

    private OfferText(IceCredentials ice, Fingerprint fingerprint) {
        this.ice = ice;
        this.fingerprint = fingerprint;
    }

    /** @param camera the SSRC of its one layer and that of its RTX; of simulcast layers none are announced */
    static String of(Part part, IceCredentials ice, Fingerprint fingerprint, int[] camera) {
        OfferText offer = new OfferText(ice, fingerprint);
        if (part.microphone()) {
            offer.audio(MICROPHONE_MID, "sendonly");
            offer.line("a=msid:load microphone");
        }
        if (!part.layers().isEmpty()) {
            offer.video(CAMERA_MID, "sendonly");
            offer.line("a=msid:load camera");
            offer.layers(part.layers(), camera);
        }
        int mid = FIRST_SLOT_MID;
        for (int i = 0; i < part.audioSlots(); i++) {
            offer.audio(String.valueOf(mid++), "recvonly");
        }
        for (int i = 0; i < part.videoSlots(); i++) {
            offer.video(String.valueOf(mid++), "recvonly");
        }
        return offer.whole();
    }

    private String whole() {
        return String.join(
                        "\r\n",
                        "v=0",
                        "o=- 1 1 IN IP4 127.0.0.1",
                        "s=-",
                        "t=0 0",
                        "a=group:BUNDLE " + String.join(" ", mids),
                        "")
                + text;
    }

    private void audio(String mid, String direction) {
        line("m=audio 9 UDP/TLS/RTP/SAVPF " + OPUS);
        head(mid, direction, OF_AUDIO);
        line("a=rtpmap:" + OPUS + " opus/48000/2");
        line("a=fmtp:" + OPUS + " minptime=10;useinbandfec=1");
        line("a=rtcp-fb:" + OPUS + " transport-cc");
    }

    private void video(String mid, String direction) {
        line("m=video 9 UDP/TLS/RTP/SAVPF " + VP8 + " " + VP8_RTX);
        head(mid, direction, OF_VIDEO);
        line("a=rtpmap:" + VP8 + " VP8/90000");
        for (String feedback : List.of("transport-cc", "ccm fir", "nack", "nack pli")) {
            line("a=rtcp-fb:" + VP8 + " " + feedback);
        }
        line("a=rtpmap:" + VP8_RTX + " rtx/90000");
        line("a=fmtp:" + VP8_RTX + " apt=" + VP8);
    }

    private void head(String mid, String direction, List<Extension> extensions) {
        mids.add(mid);
        line("c=IN IP4 0.0.0.0");
        line("a=ice-ufrag:" + ice.ufrag());
        line("a=ice-pwd:" + ice.pwd());
        line("a=fingerprint:" + fingerprint.algorithm() + " " + fingerprint.hex());
        line("a=setup:actpass");
        line("a=mid:" + mid);
        extensions.forEach(extension -> line("a=extmap:" + EXTENSIONS.get(extension) + " " + extension.uri()));
        line("a=" + direction);
        line("a=rtcp-mux");
        line("a=rtcp-rsize");
    }

    private void layers(List<LayerShape> layers, int[] camera) {
        if (layers.size() == 1) {
            String ssrc = Integer.toUnsignedString(camera[0]);
            String rtx = Integer.toUnsignedString(camera[1]);
            line("a=ssrc-group:FID " + ssrc + " " + rtx);
            line("a=ssrc:" + ssrc + " cname:load");
            line("a=ssrc:" + rtx + " cname:load");
            return;
        }
        layers.forEach(layer -> line("a=rid:" + layer.rid() + " send"));
        line("a=simulcast:send "
                + String.join(";", layers.stream().map(LayerShape::rid).toList()));
    }

    private void line(String line) {
        text.append(line).append("\r\n");
    }
}
