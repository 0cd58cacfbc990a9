package dev.weir.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.bwe.BandwidthEstimator;
import dev.weir.bwe.BandwidthLimits;
import dev.weir.rtp.Extension;
import dev.weir.rtp.ExtensionIds;
import dev.weir.rtp.RtpView;
import dev.weir.rtp.RtpWriter;
import dev.weir.srtp.SrtpKeys;
import dev.weir.srtp.SrtpProfile;
import dev.weir.srtp.SrtpProtector;
import dev.weir.srtp.SrtpResult;
import dev.weir.srtp.SrtpUnprotector;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What leaves in one send: whole, in order, of one size but for the last, and no later than it may. */
class DepartureTest {
    private static final SrtpProfile PROFILE = SrtpProfile.AEAD_AES_128_GCM;
    private static final long BOUND = 1_500_000;
    private static final int TAG_BYTES = 16;

    private record Sent(long at, int segmentBytes, List<Integer> sizes, List<Integer> transportNumbers) {}

    private final UnpooledByteBufAllocator buffers = new UnpooledByteBufAllocator(true, true);
    private final RunBuffers runBuffers = new RunBuffers(buffers);
    private final BandwidthEstimator estimator = new BandwidthEstimator(BandwidthLimits.DEFAULT);
    private final SrtpKeys keys = SrtpKeys.server(PROFILE, new byte[PROFILE.keyingMaterialBytes()]);
    private final SrtpProtector protector = new SrtpProtector(PROFILE, keys);
    private final SrtpUnprotector unprotector = new SrtpUnprotector(PROFILE, keys);
    private final ExtensionIds ids = ExtensionIds.of(Map.of(Extension.TRANSPORT_CC, 1));
    private final List<Sent> sent = new ArrayList<>();
    private final List<Integer> payloads = new ArrayList<>();
    private final Departure departure =
            new Departure(estimator, runBuffers, RunLimits.DEFAULT.withBound(BOUND), this::onRun);
    private final RtpWriter writer = new RtpWriter();
    private final RtpView view = new RtpView();
    private long now;
    private long nextIndex = 100;
    private boolean full;

    @AfterEach
    void nothingIsLeftBehind() {
        departure.clear();
        runBuffers.close();
        assertEquals(0, buffers.metric().usedDirectMemory() + buffers.metric().usedHeapMemory());
    }

    @Test
    void packetsThatDifferByAByteLeaveInOnePiece() {
        for (int payload : new int[] {1_150, 1_151, 1_150, 1_151}) {
            packet(payload, false);
        }
        packet(700, true);
        departure.endTurn(now, protector);

        assertEquals(1, sent.size());
        assertEquals(5, sent.getFirst().sizes().size());
        assertEquals(List.of(1_150, 1_151, 1_150, 1_151, 700), payloads, "padding is no payload");
        assertEquals(List.of(0, 1, 2, 3, 4), sent.getFirst().transportNumbers());
    }

    @Test
    void aLongerPacketBeginsAnotherRunAndAShorterOneEndsOne() {
        packet(500, false);
        packet(1_000, false);
        packet(400, false);
        packet(400, true);
        departure.endTurn(now, protector);

        assertEquals(List.of(500, 1_000, 400, 400), payloads);
        assertEquals(
                List.of(1, 2, 1), sent.stream().map(run -> run.sizes().size()).toList());
    }

    @Test
    void aVoiceRidesBehindThePicture() {
        voice(90);
        packet(1_100, false);
        packet(1_100, true);
        departure.endTurn(now, protector);

        assertEquals(List.of(1_100, 1_100, 90), payloads);
        assertEquals(1, sent.size());
    }

    /** As when several people begin to speak at once, and what was missed of each is repeated. */
    @Test
    void moreVoicesThanCanWaitStayInOrder() {
        for (int i = 1; i <= 100; i++) {
            voice(60 + i);
        }
        departure.endTurn(now, protector);

        assertEquals(IntStream.rangeClosed(61, 160).boxed().toList(), payloads);
    }

    @Test
    void aRunEndsWhenItIsFull() {
        for (int i = 0; i < 40; i++) {
            packet(1_000, false);
        }
        departure.endTurn(now, protector);

        assertEquals(40, payloads.size());
        assertTrue(sent.stream().allMatch(run -> run.sizes().size() <= RunLimits.DEFAULT.maxPackets()));
        assertTrue(sent.size() <= 5, sent.size() + " runs, of which the first are short since little is expected");
    }

    @Test
    void whatTheSocketRefusedIsNoLoss() {
        full = true;
        packet(1_000, true);
        departure.endTurn(now, protector);
        full = false;
        packet(1_000, true);
        departure.endTurn(now, protector);

        assertEquals(List.of(1), sent.getFirst().transportNumbers());
        assertEquals(0, estimator.lossShare());
    }

    @Test
    void whateverComesLeavesOnceInOrderAndWithLittlePadding() {
        for (long seed = 0; seed < 300; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            payloads.clear();
            sent.clear();
            List<Integer> expected = new ArrayList<>();
            long bytes = 0;
            for (int i = 0; i < 200; i++) {
                int payload = random.nextInt(3) == 0 ? random.nextInt(20, 1_200) : 1_000 + random.nextInt(3);
                expected.add(payload);
                bytes += payload;
                packet(payload, random.nextInt(4) == 0);
                if (random.nextInt(6) == 0) {
                    now += random.nextLong(2 * BOUND);
                    departure.endTurn(now, protector);
                }
            }
            departure.endTurn(now + BOUND, protector);
            assertEquals(expected, payloads, "seed " + seed);
            long onTheWire = sent.stream()
                    .flatMap(run -> run.sizes().stream())
                    .mapToLong(Integer::longValue)
                    .sum();
            assertTrue(onTheWire < 1.1 * (bytes + 200 * (20 + TAG_BYTES + 3)), "seed " + seed + ": " + onTheWire);
        }
    }

    private void packet(int payloadBytes, boolean last) {
        departure.send(now, written(2, payloadBytes, last), nextIndex++, ids, protector);
    }

    private void voice(int payloadBytes) {
        departure.sendVoice(now, written(1, payloadBytes, false), nextIndex++, ids, protector);
    }

    private ByteBuf written(int ssrc, int payloadBytes, boolean marker) {
        ByteBuf packet = buffers.directBuffer(payloadBytes + 64);
        writer.begin(packet, 96, marker, nextIndex, 0, ssrc)
                .extension16(ids.id(Extension.TRANSPORT_CC), 0)
                .end();
        return packet.writeZero(payloadBytes);
    }

    private boolean onRun(ByteBuf run, int segmentBytes, int packets, long since) {
        if (full) {
            run.release();
            return false;
        }
        List<Integer> sizes = new ArrayList<>();
        List<Integer> numbers = new ArrayList<>();
        while (run.isReadable()) {
            int size = Math.min(segmentBytes, run.readableBytes());
            ByteBuf packet = Unpooled.buffer().writeBytes(run, size);
            sizes.add(size);
            view.wrapHeader(packet);
            numbers.add(packet.getUnsignedShort(view.extensionOffset(ids.id(Extension.TRANSPORT_CC))));
            SrtpResult result = unprotector.unprotectRtp(packet, view.headerBytes(), view.ssrc(), view.sequence());
            assertEquals(SrtpResult.OK, result);
            assertTrue(view.wrap(packet));
            payloads.add(view.payloadBytes());
        }
        run.release();
        assertEquals(packets, sizes.size());
        sent.add(new Sent(now, segmentBytes, sizes, numbers));
        return true;
    }
}
