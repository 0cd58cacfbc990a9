package dev.weir.peer;

import dev.weir.rtp.RtcpParser;
import dev.weir.rtp.RtcpVisitor;
import io.netty.buffer.ByteBuf;

/** Hands the parts of a compound RTCP packet to where they matter: ingress for what it says of its own media, egress for ours. */
final class Reports implements RtcpVisitor {
    private final Ingress ingress;
    private final Egress egress;
    private long now;

    Reports(Ingress ingress, Egress egress) {
        this.ingress = ingress;
        this.egress = egress;
    }

    /** Takes an authenticated compound. @return false: it is malformed, what came before was taken */
    boolean read(long arrival, ByteBuf compound) {
        now = arrival;
        boolean whole = RtcpParser.parse(compound, this);
        egress.onReportEnd(now);
        return whole;
    }

    @Override
    public void senderReport(int ssrc, long ntp, long rtpTimestamp, long packets, long octets) {
        ingress.onSenderReport(now, ssrc, ntp, rtpTimestamp);
    }

    @Override
    public void reportBlock(
            int reporterSsrc,
            int mediaSsrc,
            int fractionLost,
            int cumulativeLost,
            long highestSequence,
            long jitter,
            long lastSr,
            long delaySinceLastSr) {
        egress.onReportBlock(now, mediaSsrc, fractionLost, cumulativeLost, highestSequence, lastSr, delaySinceLastSr);
    }

    @Override
    public void nack(int senderSsrc, int mediaSsrc, int sequence) {
        egress.onNack(now, mediaSsrc, sequence);
    }

    @Override
    public void pli(int mediaSsrc) {
        egress.onPictureLoss(now, mediaSsrc);
    }

    @Override
    public void transportFeedback(ByteBuf packet, int offset, int bytes) {
        egress.estimator().onFeedback(now, packet, offset, bytes);
    }

    @Override
    public void remb(long bitrateBps) {
        egress.estimator().onRemb(now, bitrateBps);
    }

    @Override
    public void fir(int mediaSsrc, int commandSequence) {
        egress.onPictureLoss(now, mediaSsrc);
    }
}
