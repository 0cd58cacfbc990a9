package dev.weir.peer;

import dev.weir.media.Forwarder;
import dev.weir.media.SendStream;
import dev.weir.rtp.Extension;
import dev.weir.rtp.ExtensionIds;
import dev.weir.rtp.MediaKind;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** One of a viewer's slots: its forwarder, what its m-line negotiated, and what he has told of it. */
final class Slot {
    private final Forwarder forwarder;
    private final ExtensionIds extensions;
    private final byte[] mid;
    private final Repeats repeats = new Repeats();
    private long reportedSequence = -1;

    /** The number of the run in which a picture of this slot is unfinished; see {@link Departure}. */
    long openInRun;

    Slot(Forwarder forwarder, Map<Extension, Integer> extensions) {
        this.forwarder = forwarder;
        this.extensions = ExtensionIds.of(extensions);
        this.mid = stream().mid().getBytes(StandardCharsets.US_ASCII);
    }

    Forwarder forwarder() {
        return forwarder;
    }

    SendStream stream() {
        return forwarder.stream();
    }

    ExtensionIds extensions() {
        return extensions;
    }

    byte[] mid() {
        return mid;
    }

    /** Whether its packets have transport-wide numbers. */
    boolean numbered() {
        return extensions.id(Extension.TRANSPORT_CC) != 0;
    }

    boolean isAudio() {
        return stream().kind() == MediaKind.AUDIO;
    }

    /** Whether its retransmission stream can carry a probe. */
    boolean canProbe() {
        return stream().rtxPayloadType() >= 0 && numbered();
    }

    Repeats repeats() {
        return repeats;
    }

    /**
     * A report block came.
     *
     * @param highestSequence the extended number of the last packet that came
     * @return how many packets it is about, which is what its loss weighs
     */
    long onReport(long highestSequence) {
        long before = reportedSequence;
        reportedSequence = Math.max(before, highestSequence);
        return before < 0 ? 1 : reportedSequence - before;
    }
}
