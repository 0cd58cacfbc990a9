package dev.weir.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.media.Forwarder;
import dev.weir.media.Layer;
import dev.weir.media.PublisherClock;
import dev.weir.media.ReceiveStream;
import dev.weir.media.SendStream;
import dev.weir.media.StoreBudget;
import dev.weir.media.Track;
import dev.weir.rtp.Codec;
import dev.weir.rtp.ExtensionIds;
import dev.weir.rtp.MediaKind;
import dev.weir.rtp.RtpView;
import dev.weir.rtp.RtpWriter;
import dev.weir.srtp.SrtpKeys;
import dev.weir.srtp.SrtpProfile;
import dev.weir.srtp.SrtpProtector;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What one viewer may ask for. */
class EgressTest {
    private static final long MILLI = 1_000_000;
    private static final long SECOND = 1_000 * MILLI;
    private static final int SSRC = 7;
    private static final int FIRST = 100;
    private static final String KEYFRAME = "90e080010100000000009d012a0005d002";

    private final Map<DropReason, Integer> drops = new EnumMap<>(DropReason.class);
    private final SrtpProtector protector = protector();
    private final Egress egress = new Egress(
            new UnpooledByteBufAllocator(true),
            new RunBuffers(new UnpooledByteBufAllocator(true)),
            0,
            "cname",
            RunLimits.OFF,
            (run, _, _, _) -> run.release(),
            reason -> drops.merge(reason, 1, Integer::sum));
    private final ReceiveStream stream = new ReceiveStream(1, 90_000, true, new PublisherClock());
    private final RtpView view = new RtpView();
    private int keyframesAsked;
    private final Track track = new Track(
            "camera",
            "publisher",
            MediaKind.VIDEO,
            9,
            List.of(new Track.LayerPlan("", 0, 1_000_000)),
            (_, _) -> keyframesAsked++,
            new StoreBudget(1 << 20));
    private final Layer layer = track.layers().getFirst();
    private long now;

    EgressTest() {
        SendStream slot = new SendStream(
                "5", MediaKind.VIDEO, SSRC, 8, Map.of(Codec.VP8, new SendStream.PayloadTypes(96, 97)), FIRST, 1, 0);
        Forwarder forwarder = new Forwarder(slot, (at, packet) -> egress.send(at, packet, protector), (_, _) -> {});
        egress.add(forwarder, Map.of());
        egress.estimator().onRemb(0, 20_000_000);
        layer.bind(stream, ExtensionIds.of(Map.of()));
        forwarder.show(now, track);
    }

    @Test
    void aPacketIsSentAgainOnceInARoundTrip() {
        receive(10);
        for (int i = 0; i < 99; i++) {
            egress.onNack(now, SSRC, FIRST + 5);
            now += MILLI;
        }
        assertEquals(1, egress.resentPackets, "100 ms are the round trip before a report");
        now += 2 * MILLI;
        egress.onNack(now, SSRC, FIRST + 5);
        assertEquals(2, egress.resentPackets);
        assertEquals(Map.of(DropReason.NACK_REPEATED, 98), drops);
        assertEquals(100, egress.nacks);
    }

    @Test
    void whatIsOlderThanASecondIsNotSentAgain() {
        receive(10);
        now += 900 * MILLI;
        egress.onNack(now, SSRC, FIRST + 5);
        assertEquals(1, egress.resentPackets);
        now += 200 * MILLI;
        egress.onNack(now, SSRC, FIRST + 6);
        assertEquals(1, egress.resentPackets);
    }

    @Test
    void whoAsksForMoreThanTheBudgetCostsNoMoreThanIt() {
        for (int second = 0; second < 10; second++) {
            for (int i = 0; i < 100; i++) {
                receive(5);
                for (int j = 0; j < 100; j++) {
                    egress.onNack(now, SSRC, FIRST + (int) stream.packets() - 1 - j % 500);
                }
                now += 10 * MILLI;
                egress.onTimeout(now, protector);
            }
        }
        assertEquals(100_000, egress.nacks);
        assertTrue(drops.get(DropReason.NACKS_EXCEEDED) > 90_000, drops::toString);
        assertTrue(egress.resentPackets <= 11 * Egress.NACKS_PER_SECOND, egress.resentPackets + " sent again");
        assertTrue(egress.resentPackets > 1_000, "but those that the budget has are");
    }

    @Test
    void keyframesAreAskedForWithinABudget() {
        receive(1);
        for (int i = 0; i < 10_000; i++) {
            egress.onPictureLoss(now, SSRC);
            track.onTimeout(now);
            now += MILLI;
        }
        int exceeded = drops.get(DropReason.PLIS_EXCEEDED);
        assertEquals(10_000 - 11 * Egress.PICTURE_LOSSES_PER_SECOND, exceeded, 2);
        assertTrue(keyframesAsked <= 11, keyframesAsked + " times");
    }

    /** The slots share one path: what a quiet one lost says little of it. */
    @Test
    void aReportCountsBySizeOfWhatItIsAbout() {
        receive(1);
        egress.onReportBlock(now, SSRC, 0, 0, 1_000, 0, 0);
        egress.onReportEnd(now);
        now += SECOND;
        long before = egress.estimator().estimateBps();
        egress.onReportBlock(now, SSRC, 128, 500, 2_000, 0, 0);
        egress.onReportEnd(now);
        assertEquals(0.75 * before, egress.estimator().estimateBps(), 1, "half of the loss is taken off");
    }

    /** Packets of a keyframe in one packet each. */
    private void receive(int packets) {
        ByteBuf packet = Unpooled.buffer();
        for (int i = 0; i < packets; i++) {
            packet.clear();
            long number = stream.packets();
            new RtpWriter().begin(packet, 96, true, number, number * 90, 1).end();
            packet.writeBytes(HexFormat.of().parseHex(KEYFRAME)).writeZero(200);
            view.wrap(packet);
            long sequence = stream.onPacket(now, view.sequence(), view.timestamp(), packet.readableBytes(), false);
            layer.onPacket(now, Codec.VP8, view, sequence, stream.lastTimestamp());
        }
    }

    private static SrtpProtector protector() {
        SrtpProfile profile = SrtpProfile.AEAD_AES_128_GCM;
        return new SrtpProtector(profile, SrtpKeys.server(profile, new byte[profile.keyingMaterialBytes()]));
    }
}
