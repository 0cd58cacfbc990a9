package dev.weir.peer;

import dev.weir.srtp.SrtpResult;
import java.util.Locale;

/** Why a datagram or packet went no further. Every drop has one, and each has a counter. */
public enum DropReason {
    /** From an address that passed no ICE check, and no check itself. */
    UNKNOWN_SOURCE,
    /** A check for a user fragment that is nobody's. */
    UNKNOWN_UFRAG,
    /** Neither STUN, DTLS nor RTP (RFC 7983), or cut short. */
    MALFORMED,
    /** A STUN message that ICE refused. */
    BAD_CHECK,
    /** A DTLS record from an address that passed no check. */
    DTLS_UNCHECKED,
    /** A DTLS record that its connection could not take: more than its thread keeps up with, or after its end. */
    DTLS_REFUSED,
    /** Media before the keys are there. */
    NOT_CONNECTED,
    /** An authentication tag that does not fit: forged, or broken on the way. */
    FORGED,
    REPLAYED,
    TOO_OLD,
    TOO_MANY_STREAMS,
    /** An SSRC that no mid, rid or announcement binds to an m-line. */
    UNBOUND_SSRC,
    /** A payload type that was not negotiated for its m-line. */
    UNKNOWN_PAYLOAD_TYPE,
    /** A packet that came before, by retransmission or duplication. */
    DUPLICATE,
    /** A retransmission of a stream that has not begun, or without content: a publisher's probe. */
    PROBE,
    /** A picture in a codec that the viewer did not offer for its slot. */
    UNDECODABLE,
    /** Nowhere to send it: no connection, or no ICE check for 10 s. */
    NO_PATH,
    /** More waits for the path to a viewer than he could catch up with. */
    PACER_FULL,
    /** A packet to be sent again of a layer that was left at once, since the path did not carry it. */
    OUTDATED,
    /** A viewer asked for more packets again than {@link Egress#NACKS_PER_SECOND}. */
    NACKS_EXCEEDED,
    /** As much is sent again to a viewer as his path carries in all. */
    REPAIRS_EXCEEDED,
    /** A packet that a viewer asked for twice within a round trip: the first answer may be on its way. */
    NACK_REPEATED,
    /** A viewer asked for more keyframes than {@link Egress#PICTURE_LOSSES_PER_SECOND}. */
    PLIS_EXCEEDED,
    /** A compound RTCP packet that ends in the middle. */
    MALFORMED_RTCP,
    /** The socket's queue was full. */
    SOCKET_FULL,
    /** Larger than any datagram that we take. */
    OVERSIZED;

    /** Why a packet did not get through SRTP. */
    static DropReason of(SrtpResult result) {
        return switch (result) {
            case OK -> throw new IllegalStateException("not a drop");
            case TOO_SHORT -> MALFORMED;
            case REPLAYED -> REPLAYED;
            case TOO_OLD -> TOO_OLD;
            case FORGED -> FORGED;
            case TOO_MANY_STREAMS -> TOO_MANY_STREAMS;
        };
    }

    /** The value of the metric's label. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
