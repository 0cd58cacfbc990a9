package dev.weir.sdp;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Gathers the attributes of one m-line, or of the session. Methods that take a value return what is wrong with it, or
 * null. Limits: 128 payload types, 64 extensions, 32 rids, 64 SSRCs, 8 fingerprints; more is refused.
 */
final class MediaParser {
    private static final int MAX_PAYLOAD_TYPES = 128;
    private static final int MAX_EXTENSIONS = 64;
    private static final int MAX_RIDS = 32;
    private static final int MAX_SSRCS = 64;
    private static final int MAX_FINGERPRINTS = 8;
    private static final long MAX_SSRC = 0xffff_ffffL;

    private final int number;
    private final String kind;
    private final int port;
    private final String protocol;
    private final String formats;

    private String mid = "";
    private Direction direction;
    private boolean bundleOnly;
    private boolean rtcpMux;
    private boolean rtcpRsize;
    private boolean extmapAllowMixed;
    private String msid = "";

    private String iceUfrag = "";
    private String icePwd = "";
    private String setup = "";
    private boolean fingerprinted;
    private final List<MediaOffer.Hash> fingerprints = new ArrayList<>();

    private final Map<Integer, Format> payloads = new LinkedHashMap<>();
    private final Set<Feedback> feedbackOfAll = EnumSet.noneOf(Feedback.class);
    private final List<SessionDescription.Extmap> extmaps = new ArrayList<>();
    private final Set<String> sendRids = new LinkedHashSet<>();
    private final Set<String> recvRids = new LinkedHashSet<>();
    private List<String> simulcastSend = List.of();
    private List<String> simulcastRecv = List.of();
    private Set<String> pausedSend = Set.of();
    private final Set<Integer> ssrcs = new LinkedHashSet<>();
    private final Map<Integer, Integer> rtxSsrcs = new LinkedHashMap<>();

    /** What is said of a payload type. */
    private static final class Format {
        private String encoding = "";
        private int clockRate;
        private int channels = 1;
        private String fmtp = "";
        private final Set<Feedback> feedback = EnumSet.noneOf(Feedback.class);
    }

    /** For the session's own attributes. */
    MediaParser() {
        this(0, "", 0, "", "");
    }

    MediaParser(int number, String kind, int port, String protocol, String formats) {
        this.number = number;
        this.kind = kind;
        this.port = port;
        this.protocol = protocol;
        this.formats = formats;
    }

    String kind() {
        return kind;
    }

    boolean extmapAllowMixed() {
        return extmapAllowMixed;
    }

    String payloadTypes(String list) {
        for (String word : list.strip().split(" +")) {
            int payloadType = Tokens.number(word, MAX_PAYLOAD_TYPES - 1);
            if (payloadType < 0) {
                return Tokens.quoted(word) + " is not a payload type";
            }
            payloads.putIfAbsent(payloadType, new Format());
        }
        return null;
    }

    /** Takes an attribute that any m-line, and mostly the session too, may have. */
    String attribute(String name, String value) {
        switch (name) {
            case "mid" -> {
                return mid(value);
            }
            case "ice-ufrag" -> {
                iceUfrag = value;
                return iceProblem(name, value, 4);
            }
            case "ice-pwd" -> {
                icePwd = value;
                return iceProblem(name, value, 22);
            }
            case "fingerprint" -> {
                return fingerprint(value);
            }
            case "setup" -> setup = value;
            case "bundle-only" -> bundleOnly = true;
            case "extmap-allow-mixed" -> extmapAllowMixed = true;
            case "sendrecv", "sendonly", "recvonly", "inactive" -> direction = Direction.named(name);
            default -> {}
        }
        return null;
    }

    /** Takes an attribute of an m-line that carries RTP. */
    String rtpAttribute(String name, String value) {
        switch (name) {
            case "rtcp-mux" -> rtcpMux = true;
            case "rtcp-rsize" -> rtcpRsize = true;
            case "msid" -> msid = msid.isEmpty() ? value : msid;
            case "rtcp-fb" -> feedback(value);
            case "rtpmap" -> {
                return rtpmap(value);
            }
            case "fmtp" -> {
                return fmtp(value);
            }
            case "extmap" -> {
                return extmap(value);
            }
            case "rid" -> {
                return rid(value);
            }
            case "simulcast" -> {
                return simulcast(value);
            }
            case "ssrc" -> {
                return ssrc(value);
            }
            case "ssrc-group" -> {
                return ssrcGroup(value);
            }
            default -> {
                return attribute(name, value);
            }
        }
        return null;
    }

    private String mid(String value) {
        if (!Tokens.isMid(value)) {
            return "the mid " + Tokens.quoted(value) + " is not a token of 1 to 16 characters";
        }
        mid = value;
        return null;
    }

    /** RFC 8839 section 5.4: 4 to 256 characters, the password 22 to 256. */
    private static String iceProblem(String name, String value, int min) {
        return value.length() >= min && value.length() <= 256 && Tokens.isIce(value)
                ? null
                : "the " + name + " is not of " + min + " to 256 ICE characters";
    }

    /** RFC 8122 section 5. A hash that we do not take is passed over: it may stand beside one that we do. */
    private String fingerprint(String value) {
        String[] words = value.split(" +");
        String algorithm = words[0].toLowerCase(Locale.ROOT);
        int bytes =
                switch (algorithm) {
                    case "sha-256" -> 32;
                    case "sha-384" -> 48;
                    case "sha-512" -> 64;
                    default -> 0;
                };
        fingerprinted = true;
        if (bytes == 0) {
            return null;
        }
        if (words.length != 2 || !isHexPairs(words[1], bytes)) {
            return "the fingerprint is not of " + bytes + " hexadecimal pairs with colons";
        }
        if (fingerprints.size() == MAX_FINGERPRINTS) {
            return "more than " + MAX_FINGERPRINTS + " fingerprints";
        }
        fingerprints.add(new MediaOffer.Hash(algorithm, words[1].toUpperCase(Locale.ROOT)));
        return null;
    }

    private static boolean isHexPairs(String text, int bytes) {
        if (text.length() != bytes * 3 - 1) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (i % 3 == 2 ? c != ':' : c > 'f' || Character.digit(c, 16) < 0) {
                return false;
            }
        }
        return true;
    }

    private String rtpmap(String value) {
        String[] words = value.split(" +", 2);
        int payloadType = Tokens.number(words[0], MAX_PAYLOAD_TYPES - 1);
        String[] parts = words.length < 2 ? new String[0] : words[1].strip().split("/");
        int clockRate = parts.length < 2 ? -1 : Tokens.number(parts[1], Integer.MAX_VALUE);
        int channels = parts.length < 3 ? 1 : Tokens.number(parts[2], 255);
        if (payloadType < 0 || clockRate < 1 || channels < 1) {
            return "the rtpmap is not of payload type, encoding and clock rate";
        }
        Format format = payloads.get(payloadType);
        if (format != null && format.encoding.isEmpty()) {
            format.encoding = parts[0].toLowerCase(Locale.ROOT);
            format.clockRate = clockRate;
            format.channels = channels;
        }
        return null;
    }

    private String fmtp(String value) {
        String[] words = value.split(" +", 2);
        int payloadType = Tokens.number(words[0], MAX_PAYLOAD_TYPES - 1);
        if (payloadType < 0 || words.length < 2) {
            return "the fmtp is not of payload type and parameters";
        }
        Format format = payloads.get(payloadType);
        if (format != null && format.fmtp.isEmpty()) {
            format.fmtp = words[1];
        }
        return null;
    }

    /** RFC 4585 section 4.2. Feedback is optional, so a line that we cannot read is one that we do not use. */
    private void feedback(String value) {
        String[] words = value.split(" +", 2);
        Feedback feedback = words.length < 2 ? null : Feedback.of(words[1].strip());
        if (feedback == null) {
            return;
        }
        Format format = payloads.get(Tokens.number(words[0], MAX_PAYLOAD_TYPES - 1));
        if (words[0].equals("*")) {
            feedbackOfAll.add(feedback);
        } else if (format != null) {
            format.feedback.add(feedback);
        }
    }

    /** RFC 8285 section 5: id, optional direction, URI, optional attributes of the extension. */
    private String extmap(String value) {
        String[] words = value.split(" +");
        int slash = words[0].indexOf('/');
        int id = Tokens.number(slash < 0 ? words[0] : words[0].substring(0, slash), 65_535);
        Direction way = slash < 0 ? Direction.SENDRECV : Direction.named(words[0].substring(slash + 1));
        if (id < 1 || way == null || words.length < 2) {
            return "the extmap is not of id, direction and URI";
        }
        if (extmaps.size() == MAX_EXTENSIONS) {
            return "more than " + MAX_EXTENSIONS + " header extensions";
        }
        extmaps.add(new SessionDescription.Extmap(id, way, words[1]));
        return null;
    }

    /** RFC 8851 section 4. Restrictions are not read: what we forward is not ours to change. */
    private String rid(String value) {
        String[] words = value.split(" +");
        if (words.length < 2 || !Tokens.isRid(words[0])) {
            return "the rid " + Tokens.quoted(words[0])
                    + " is not of 1 to 16 letters, digits, - and _, and a direction";
        }
        if (sendRids.contains(words[0]) || recvRids.contains(words[0])) {
            return "rid " + words[0] + " stands twice";
        }
        if (sendRids.size() + recvRids.size() == MAX_RIDS) {
            return "more than " + MAX_RIDS + " rids";
        }
        switch (words[1]) {
            case "send" -> sendRids.add(words[0]);
            case "recv" -> recvRids.add(words[0]);
            default -> {
                return "rid " + words[0] + " is neither send nor recv";
            }
        }
        return null;
    }

    /** RFC 8853 section 5.1: streams between {@code ;}, alternatives of one between {@code ,}, {@code ~} for paused. */
    private String simulcast(String value) {
        String[] words = value.split(" +");
        for (int i = 0; i < words.length; i += 2) {
            List<String> streams = i + 1 < words.length ? streams(words[i + 1]) : List.of();
            if (streams.isEmpty()) {
                return "the simulcast is not of a direction and rids";
            }
            switch (words[i]) {
                case "send" -> {
                    simulcastSend = streams;
                    pausedSend = paused(words[i + 1]);
                }
                case "recv" -> simulcastRecv = streams;
                default -> {
                    return "the simulcast is neither send nor recv";
                }
            }
        }
        return null;
    }

    /** The first alternative of each stream, or nothing if one of them is not a rid or stands twice. */
    private static List<String> streams(String list) {
        Set<String> rids = new LinkedHashSet<>();
        for (String alternatives : list.split(";", -1)) {
            String first = alternatives.split(",", -1)[0];
            String rid = first.startsWith("~") ? first.substring(1) : first;
            if (!Tokens.isRid(rid) || !rids.add(rid)) {
                return List.of();
            }
        }
        return List.copyOf(rids);
    }

    /** Those of {@link #streams} that are marked as paused. */
    private static Set<String> paused(String list) {
        Set<String> rids = new LinkedHashSet<>();
        for (String alternatives : list.split(";", -1)) {
            String first = alternatives.split(",", -1)[0];
            if (first.startsWith("~")) {
                rids.add(first.substring(1));
            }
        }
        return Set.copyOf(rids);
    }

    /** RFC 5576 section 4.1; of its attributes none is needed. */
    private String ssrc(String value) {
        long ssrc = Tokens.number(value.split(" ", 2)[0], MAX_SSRC);
        if (ssrc < 0) {
            return "the ssrc is not a number of 32 bits";
        }
        ssrcs.add((int) ssrc);
        return ssrcProblem();
    }

    /** RFC 5576 section 4.2, RFC 4588 section 8. Other groups are not needed. */
    private String ssrcGroup(String value) {
        String[] words = value.split(" +");
        if (!words[0].equals("FID")) {
            return null;
        }
        long ssrc = words.length == 3 ? Tokens.number(words[1], MAX_SSRC) : -1;
        long rtxSsrc = words.length == 3 ? Tokens.number(words[2], MAX_SSRC) : -1;
        if (ssrc < 0 || rtxSsrc < 0 || ssrc == rtxSsrc) {
            return "the ssrc-group FID is not of two numbers of 32 bits";
        }
        ssrcs.add((int) ssrc);
        ssrcs.add((int) rtxSsrc);
        rtxSsrcs.putIfAbsent((int) ssrc, (int) rtxSsrc);
        return ssrcProblem();
    }

    private String ssrcProblem() {
        return ssrcs.size() > MAX_SSRCS ? "more than " + MAX_SSRCS + " SSRCs" : null;
    }

    /** The m-line, with what it inherits of the session. */
    SessionDescription.Media media(MediaParser session) {
        List<SessionDescription.Extmap> allExtmaps = new ArrayList<>(extmaps);
        allExtmaps.addAll(session.extmaps);
        return new SessionDescription.Media(
                number,
                kind,
                port,
                protocol,
                formats,
                mid,
                directionOr(session.direction),
                bundleOnly,
                rtcpMux,
                rtcpRsize,
                extmapAllowMixed || session.extmapAllowMixed,
                transport(session),
                describedPayloads(),
                List.copyOf(allExtmaps),
                Set.copyOf(sendRids),
                Set.copyOf(recvRids),
                simulcastSend,
                simulcastRecv,
                pausedSend,
                pairedSsrcs(),
                msid);
    }

    private Direction directionOr(Direction inherited) {
        if (direction != null) {
            return direction;
        }
        return inherited != null ? inherited : Direction.SENDRECV;
    }

    private SessionDescription.Transport transport(MediaParser session) {
        return new SessionDescription.Transport(
                iceUfrag.isEmpty() ? session.iceUfrag : iceUfrag,
                icePwd.isEmpty() ? session.icePwd : icePwd,
                setup.isEmpty() ? session.setup : setup,
                fingerprinted ? fingerprints : session.fingerprints);
    }

    private List<SessionDescription.Payload> describedPayloads() {
        List<SessionDescription.Payload> described = new ArrayList<>();
        payloads.forEach((payloadType, format) -> {
            if (!format.encoding.isEmpty()) {
                Set<Feedback> feedback = EnumSet.copyOf(feedbackOfAll);
                feedback.addAll(format.feedback);
                described.add(new SessionDescription.Payload(
                        payloadType, format.encoding, format.clockRate, format.channels, format.fmtp, feedback));
            }
        });
        return List.copyOf(described);
    }

    private List<MediaOffer.Ssrc> pairedSsrcs() {
        return ssrcs.stream()
                .filter(ssrc -> !rtxSsrcs.containsValue(ssrc))
                .map(ssrc -> new MediaOffer.Ssrc(ssrc, rtxSsrcs.getOrDefault(ssrc, 0)))
                .toList();
    }
}
