package dev.weir.peer;

import dev.weir.bwe.BandwidthEstimator;
import dev.weir.rtp.Extension;
import dev.weir.rtp.ExtensionIds;
import dev.weir.rtp.NtpTime;
import dev.weir.rtp.RtpView;
import dev.weir.srtp.SrtpProtector;
import io.netty.buffer.ByteBuf;
import java.util.function.Consumer;

/**
 * The last step out to one viewer: a packet gets its transport-wide number and send time, is told to the estimator, and
 * is protected, all in the order of leaving. What may leave, and when, the {@link Outbox} has decided.
 */
final class Departure {
    /** IPv4 and UDP; IPv6 has 20 more, which the estimate's margins bear. */
    private static final int PATH_OVERHEAD_BYTES = 28;

    private final BandwidthEstimator estimator;
    private final RtpView header = new RtpView();
    private final Consumer<ByteBuf> socket;

    /** @param socket takes each protected packet, and its buffer */
    Departure(BandwidthEstimator estimator, Consumer<ByteBuf> socket) {
        this.estimator = estimator;
        this.socket = socket;
    }

    /** What a packet that is not yet protected takes of the path. */
    static int pathBytes(ByteBuf packet) {
        return packet.readableBytes() + PATH_OVERHEAD_BYTES;
    }

    /** Takes the buffer. @param index for SRTP; see {@link SrtpProtector#protectRtp} */
    void send(long now, ByteBuf packet, long index, ExtensionIds ids, SrtpProtector protector) {
        header.wrapHeader(packet);
        int sendTime = header.extensionOffset(ids.id(Extension.ABS_SEND_TIME));
        if (sendTime >= 0) {
            packet.setMedium(sendTime, NtpTime.absSendTime(now));
        }
        int number = header.extensionOffset(ids.id(Extension.TRANSPORT_CC));
        if (number >= 0) {
            int sequence = estimator.nextSequence();
            packet.setShort(number, sequence);
            estimator.onSent(now, sequence, pathBytes(packet));
        }
        protector.protectRtp(packet, header.headerBytes(), index);
        socket.accept(packet);
    }
}
