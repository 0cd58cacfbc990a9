package dev.weir.peer;

import dev.weir.bwe.BandwidthEstimator;
import dev.weir.bwe.BandwidthLimits;
import dev.weir.rtp.Extension;
import dev.weir.rtp.ExtensionIds;
import dev.weir.rtp.RtpView;
import dev.weir.rtp.RtpWriter;
import dev.weir.srtp.SrtpKeys;
import dev.weir.srtp.SrtpProfile;
import dev.weir.srtp.SrtpProtector;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** An outbox and what came out of it, with a shard's tick of 5 ms. His path is known by REMB, and so not probed. */
final class Viewer {
    static final long MILLI = 1_000_000;
    static final long TICK = 5 * MILLI;
    static final int VOICE = 1;
    static final int PICTURE = 2;
    static final int REPAIR = 3;

    private static final Map<Extension, Integer> NUMBERED =
            Map.of(Extension.TRANSPORT_CC, 1, Extension.ABS_SEND_TIME, 2);

    /** A packet that left. @param bytes of the path @param transportSequence -1 where none was negotiated */
    record Left(long at, int ssrc, int sequence, int transportSequence, int bytes) {}

    final UnpooledByteBufAllocator buffers = new UnpooledByteBufAllocator(true, true);
    private final RunBuffers runBuffers = new RunBuffers(buffers);
    final BandwidthEstimator estimator = new BandwidthEstimator(BandwidthLimits.DEFAULT);
    final SrtpProtector protector;
    final Outbox outbox;
    final List<Left> left = new ArrayList<>();
    final ExtensionIds ids;
    long now;

    private final RtpView view = new RtpView();
    private final RtpWriter writer = new RtpWriter();
    private final long[] nextIndex = new long[4];

    Viewer(boolean numbered) {
        SrtpProfile profile = SrtpProfile.AEAD_AES_128_GCM;
        byte[] exported = new byte[profile.keyingMaterialBytes()];
        protector = new SrtpProtector(profile, SrtpKeys.server(profile, exported));
        ids = ExtensionIds.of(numbered ? NUMBERED : Map.of());
        outbox = new Outbox(estimator, new Departure(estimator, runBuffers, RunLimits.OFF, this::onLeft));
    }

    /** Whose path is known to carry this. */
    static Viewer carrying(long bps) {
        Viewer viewer = new Viewer(false);
        viewer.carries(bps);
        return viewer;
    }

    void carries(long bps) {
        estimator.onRemb(now, bps);
    }

    void voice(int payloadBytes) {
        outbox.sendNow(now, packet(VOICE, payloadBytes), nextIndex[VOICE]++, ids, protector);
    }

    boolean picture(int payloadBytes) {
        return outbox.send(now, packet(PICTURE, payloadBytes), nextIndex[PICTURE]++, ids, false, protector);
    }

    boolean repair(int payloadBytes) {
        return outbox.send(now, packet(REPAIR, payloadBytes), nextIndex[REPAIR]++, ids, true, protector);
    }

    /** Lets time pass, tick by tick. */
    void run(long nanos) {
        long end = now + nanos;
        while (now + TICK <= end) {
            now += TICK;
            if (now >= outbox.nextTimeout()) {
                outbox.drain(now, protector);
            }
        }
        now = end;
    }

    List<Left> left(int ssrc) {
        return left.stream().filter(packet -> packet.ssrc() == ssrc).toList();
    }

    long usedBytes() {
        runBuffers.close();
        return buffers.metric().usedDirectMemory() + buffers.metric().usedHeapMemory();
    }

    private ByteBuf packet(int ssrc, int payloadBytes) {
        ByteBuf packet = buffers.directBuffer(payloadBytes + 64);
        writer.begin(packet, 96, false, nextIndex[ssrc], 0, ssrc)
                .extension16(ids.id(Extension.TRANSPORT_CC), 0)
                .extension24(ids.id(Extension.ABS_SEND_TIME), 0)
                .end();
        return packet.writeZero(payloadBytes);
    }

    /** Takes a run of one. */
    private boolean onLeft(ByteBuf packet, int segmentBytes, int packets, long since) {
        view.wrapHeader(packet);
        int number = view.extensionOffset(ids.id(Extension.TRANSPORT_CC));
        left.add(new Left(
                now,
                view.ssrc(),
                view.sequence(),
                number < 0 ? -1 : packet.getUnsignedShort(number),
                packet.readableBytes() + 28));
        packet.release();
        return true;
    }
}
