package dev.weir.peer;

import dev.weir.bwe.BandwidthEstimator;
import dev.weir.bwe.Pacer;
import dev.weir.rtp.Extension;
import dev.weir.rtp.ExtensionIds;
import dev.weir.rtp.NtpTime;
import dev.weir.rtp.RtpView;
import dev.weir.srtp.SrtpProtector;
import io.netty.buffer.ByteBuf;
import java.util.function.Consumer;

/**
 * The last step out to one viewer: a packet gets its transport-wide number and send time, is told to the estimator, and
 * is protected. Also says how much a probe may send now.
 */
final class Outbox {
    /** IPv4 and UDP; IPv6 has 20 more, which the estimate's margins bear. */
    private static final int PATH_OVERHEAD_BYTES = 28;

    private final BandwidthEstimator estimator;
    private final Pacer pacer;
    private final RtpView header = new RtpView();
    private final Consumer<ByteBuf> socket;

    /** @param socket takes each protected packet, and its buffer */
    Outbox(BandwidthEstimator estimator, Consumer<ByteBuf> socket) {
        this.estimator = estimator;
        this.pacer = new Pacer(estimator.probe());
        this.socket = socket;
    }

    /** Takes the buffer. @param index for SRTP; see {@link SrtpProtector#protectRtp} */
    void send(long now, ByteBuf packet, long index, ExtensionIds ids, SrtpProtector protector) {
        int bytes = packet.readableBytes() + PATH_OVERHEAD_BYTES;
        header.wrapHeader(packet);
        int sendTime = header.extensionOffset(ids.id(Extension.ABS_SEND_TIME));
        if (sendTime >= 0) {
            packet.setMedium(sendTime, NtpTime.absSendTime(now));
        }
        int number = header.extensionOffset(ids.id(Extension.TRANSPORT_CC));
        if (number >= 0) {
            int sequence = estimator.nextSequence();
            packet.setShort(number, sequence);
            estimator.onSent(now, sequence, bytes);
        }
        pacer.onSent(now, bytes);
        protector.protectRtp(packet, header.headerBytes(), index);
        socket.accept(packet);
    }

    /** How much padding a probe asks for now, beside the media that flow anyway. */
    long paddingBytes(long now) {
        if (!estimator.probe().active()) {
            return 0;
        }
        pacer.update(now, estimator, 0);
        return pacer.paddingBytes(now);
    }
}
