package dev.weir.sdp;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A session description (RFC 8866) as far as it concerns a WebRTC session (RFC 9429): an immutable tree, made by
 * {@link #parse}. What the session says for all m-lines (ICE, fingerprint, setup, direction, extensions) is already
 * inherited by each m-line here.
 *
 * @param bundle the mids of the first BUNDLE group in its order (RFC 9143); empty without one
 */
record SessionDescription(boolean iceLite, boolean extmapAllowMixed, List<String> bundle, List<Media> media)
        implements Parsed {
    SessionDescription {
        bundle = List.copyOf(bundle);
        media = List.copyOf(media);
    }

    /**
     * Reads a description. Lines may end in CRLF or LF, unknown lines and attributes are passed over. Everything is
     * bounded by the limits of {@link SessionParser}; past a limit, and at a malformed line of those that we use, the
     * result is {@link Parsed.Malformed}. Never throws.
     */
    static Parsed parse(String text) {
        return new SessionParser(text).parse();
    }

    /**
     * One m-line with its attributes.
     *
     * @param number counted from 1, as in refusals
     * @param kind the media type, as written: audio, video, application
     * @param formats the format list, as written
     * @param mid empty if there is none
     * @param payloads in the order of the format list; without those that have no a=rtpmap
     * @param sendRids declared by a=rid with direction send (RFC 8851)
     * @param recvRids declared with direction recv
     * @param simulcastSend the first alternative of each stream of the a=simulcast send list (RFC 8853), paused or not
     * @param simulcastRecv the same of the recv list
     * @param pausedSend those of the send list that are paused
     * @param msid the value of the first a=msid (RFC 8830), empty if there is none
     */
    record Media(
            int number,
            String kind,
            int port,
            String protocol,
            String formats,
            String mid,
            Direction direction,
            boolean bundleOnly,
            boolean rtcpMux,
            boolean rtcpRsize,
            boolean extmapAllowMixed,
            Transport transport,
            List<Payload> payloads,
            List<Extmap> extmaps,
            Set<String> sendRids,
            Set<String> recvRids,
            List<String> simulcastSend,
            List<String> simulcastRecv,
            Set<String> pausedSend,
            List<MediaOffer.Ssrc> ssrcs,
            String msid) {

        /** The m-line as a refusal names it. */
        String name() {
            return "m-line " + number + (mid.isEmpty() ? "" : " (mid " + mid + ")");
        }
    }

    /**
     * ICE and DTLS parameters of an m-line.
     *
     * @param iceUfrag empty if there is none, as are the password and setup
     * @param fingerprints only those of a hash that we take
     */
    record Transport(String iceUfrag, String icePwd, String setup, List<MediaOffer.Hash> fingerprints) {
        Transport {
            fingerprints = List.copyOf(fingerprints);
        }
    }

    /**
     * A payload type with its format.
     *
     * @param encoding the encoding name in lower case
     * @param channels 1 unless given
     * @param fmtp the parameters as written, empty if there are none
     */
    record Payload(int payloadType, String encoding, int clockRate, int channels, String fmtp, Set<Feedback> feedback) {
        /** The fmtp's parameters, names in lower case; those without a value are not in it. */
        Map<String, String> parameters() {
            Map<String, String> parameters = new TreeMap<>();
            for (String parameter : fmtp.split(";")) {
                int equals = parameter.indexOf('=');
                if (equals > 0) {
                    String name = parameter.substring(0, equals).strip().toLowerCase(Locale.ROOT);
                    parameters.putIfAbsent(name, parameter.substring(equals + 1).strip());
                }
            }
            return parameters;
        }
    }

    /** @param direction SENDRECV unless given (RFC 8285 section 5) */
    record Extmap(int id, Direction direction, String uri) {}
}
