package dev.weir.peer;

import dev.weir.bwe.ArrivalRecorder;
import dev.weir.bwe.BandwidthLimits;
import dev.weir.bwe.IncomingRate;
import dev.weir.media.ReceiveStream;
import dev.weir.rtp.Extension;
import dev.weir.rtp.ExtensionIds;
import dev.weir.rtp.RtcpWriter;
import dev.weir.rtp.RtpView;
import io.netty.buffer.ByteBuf;

/**
 * What one publisher is told of his path to us: transport-wide feedback on the packets that he numbers, and REMB where
 * he numbers none and takes that.
 */
final class PathFeedback {
    /** IPv4 and UDP, as on the way out. */
    private static final int PATH_OVERHEAD_BYTES = 28;

    private final ArrivalRecorder arrivals = new ArrivalRecorder();
    private final int[] ssrcs = new int[Ingress.MAX_STREAMS];

    /** Null for a publisher who needs none. */
    private IncomingRate rate;

    /** Of the message to be written: its streams, and what they expect and miss. */
    private int streams;

    private long expected;
    private long lost;

    /** @param remb whether a sending m-line takes REMB and has no transport-wide numbers */
    void update(boolean remb) {
        if (!remb) {
            rate = null;
        } else if (rate == null) {
            rate = new IncomingRate(BandwidthLimits.DEFAULT);
        }
    }

    /** An authenticated packet, retransmissions and probes too. */
    void onPacket(long now, RtpView packet, ExtensionIds ids) {
        int number = packet.extensionOffset(ids.id(Extension.TRANSPORT_CC));
        if (number >= 0) {
            arrivals.record(packet.buffer().getUnsignedShort(number), now);
        }
        if (rate != null) {
            int sent = packet.extensionOffset(ids.id(Extension.ABS_SEND_TIME));
            int sendTime =
                    sent < 0 ? IncomingRate.NO_SEND_TIME : packet.buffer().getUnsignedMedium(sent);
            rate.onPacket(now, sendTime, packet.buffer().readableBytes() + PATH_OVERHEAD_BYTES);
        }
    }

    long nextTimeout() {
        return Math.min(arrivals.nextTimeout(), rate == null ? Long.MAX_VALUE : rate.nextTimeout());
    }

    /** The next message is about this stream too. */
    void add(ReceiveStream stream) {
        ssrcs[streams++] = stream.ssrc();
        expected += stream.packets() + stream.lost();
        lost += stream.cumulativeLost();
    }

    /** Appends what is due, about the streams added: at least one. */
    void write(long now, int ownSsrc, ByteBuf out) {
        if (arrivals.nextTimeout() <= now) {
            arrivals.writeFeedback(now, ownSsrc, ssrcs[0], out);
        }
        if (rate != null && rate.nextTimeout() <= now && rate.onTimeout(now, expected, lost)) {
            RtcpWriter.remb(out, ownSsrc, rate.bps(), ssrcs, streams);
        }
        streams = 0;
        expected = 0;
        lost = 0;
    }
}
