package dev.weir.load;

import dev.weir.dtls.DtlsRole;
import dev.weir.dtls.Fingerprint;
import dev.weir.ice.IceCredentials;
import dev.weir.rtp.MediaKind;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a client needs of an answer, from any server.
 *
 * @param role ours in the handshake
 * @param candidates over UDP with a literal address, in the answer's order
 * @param slots the streams that it announces for m-lines that we receive on
 */
record Answer(
        IceCredentials ice,
        Fingerprint fingerprint,
        DtlsRole role,
        List<InetSocketAddress> candidates,
        List<Announced> slots) {
    private static final int MAX_CANDIDATES = 32;
    private static final int CANDIDATE_WORDS = 8;

    Answer {
        candidates = List.copyOf(candidates);
        slots = List.copyOf(slots);
    }

    /** @param rtxSsrc 0: none */
    record Announced(MediaKind kind, int ssrc, int rtxSsrc) {}

    /** Empty when something is missing without which there is no connection. */
    static Optional<Answer> parse(String sdp) {
        return new Reading().whole(sdp);
    }

    /** The candidate to talk to: that of the address we reached the server's HTTP at, else the first. */
    InetSocketAddress best(InetAddress server) {
        return candidates.stream()
                .filter(candidate -> candidate.getAddress().equals(server))
                .findFirst()
                .orElse(candidates.getFirst());
    }

    private static final class Reading {
        private final List<InetSocketAddress> candidates = new ArrayList<>();
        private final List<Announced> slots = new ArrayList<>();
        private String ufrag = "";
        private String pwd = "";
        private Optional<Fingerprint> fingerprint = Optional.empty();
        private DtlsRole role = DtlsRole.CLIENT;
        private MediaKind kind = MediaKind.AUDIO;
        private boolean sending;
        private int ssrc;
        private int rtxSsrc;

        Optional<Answer> whole(String sdp) {
            sdp.lines().forEach(this::line);
            endOfMedia();
            Optional<IceCredentials> ice = IceCredentials.of(ufrag, pwd);
            if (ice.isEmpty() || fingerprint.isEmpty() || candidates.isEmpty()) {
                return Optional.empty();
            }
            return Optional.of(new Answer(ice.get(), fingerprint.get(), role, candidates, slots));
        }

        private void line(String line) {
            if (line.startsWith("m=")) {
                endOfMedia();
                kind = line.startsWith("m=audio") ? MediaKind.AUDIO : MediaKind.VIDEO;
            } else if (line.startsWith("a=ice-ufrag:")) {
                ufrag = value(line);
            } else if (line.startsWith("a=ice-pwd:")) {
                pwd = value(line);
            } else if (line.startsWith("a=fingerprint:")) {
                fingerprint = Fingerprint.parse(value(line)).or(() -> fingerprint);
            } else if (line.equals("a=setup:active")) {
                role = DtlsRole.SERVER;
            } else if (line.equals("a=sendonly") || line.equals("a=sendrecv")) {
                sending = true;
            } else if (line.startsWith("a=candidate:")) {
                candidate(value(line).split(" "));
            } else if (line.startsWith("a=ssrc-group:FID ")) {
                String[] pair = value(line).split(" ");
                rtxSsrc = pair.length == 3 ? unsigned(pair[2]) : 0;
            } else if (line.startsWith("a=ssrc:") && ssrc == 0) {
                ssrc = unsigned(value(line).split(" ")[0]);
            }
        }

        private void endOfMedia() {
            if (sending && ssrc != 0) {
                slots.add(new Announced(kind, ssrc, rtxSsrc));
            }
            sending = false;
            ssrc = 0;
            rtxSsrc = 0;
        }

        /** foundation component transport priority address port "typ" type (RFC 8839 section 5.1). */
        private void candidate(String... words) {
            if (words.length < CANDIDATE_WORDS
                    || candidates.size() == MAX_CANDIDATES
                    || !words[1].equals("1")
                    || !words[2].equalsIgnoreCase("udp")) {
                return;
            }
            try {
                InetSocketAddress address =
                        new InetSocketAddress(InetAddress.ofLiteral(words[4]), Integer.parseInt(words[5]));
                if (!candidates.contains(address)) {
                    candidates.add(address);
                }
            } catch (IllegalArgumentException notLiteral) {
                // A name, which is looked up by nobody here.
                return;
            }
        }

        private static int unsigned(String number) {
            try {
                return Integer.parseUnsignedInt(number);
            } catch (NumberFormatException notOne) {
                return 0;
            }
        }

        private static String value(String line) {
            return line.substring(line.indexOf(':') + 1).strip();
        }
    }
}
