package dev.weir.media;

import static dev.weir.media.Scenery.MILLISECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import dev.weir.rtp.Codec;
import dev.weir.rtp.RtpView;
import dev.weir.rtp.RtpWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.lang.management.ManagementFactory;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** What the budget of DESIGN says of garbage: none per forwarded packet, counted and not believed. */
class ForwardingAllocationTest {
    private static final int WARM_UP = 200_000;
    private static final int MEASURED = 100_000;
    private static final int VIEWERS = 10;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final RtpView view = new RtpView();
    private final ByteBuf packet = Unpooled.buffer(1_500);
    private long sunk;
    private long number = 60_000;
    private long now;

    @Test
    void forwardingVideoAllocatesNothing() {
        Track camera = Scenery.camera("camera");
        Layer layer = camera.layers().getFirst();
        ReceiveStream stream = new ReceiveStream(1, 90_000, true, new PublisherClock());
        layer.bind(stream, FakeEncoder.IDS);
        for (int i = 0; i < VIEWERS; i++) {
            Scenery.forwarder(Scenery.videoSlot(i), this::sink).show(0, camera);
        }
        write("90e0 8001 01 00 00000000 9d012a 0005 d002", 1_100);

        assertEquals(0, allocatedBy(() -> receive(Codec.VP8, layer, stream)));
        assertEquals((long) VIEWERS * (WARM_UP + MEASURED), sunk);
    }

    @Test
    void forwardingAudioAllocatesNothing() {
        Track microphone = Scenery.microphone("microphone", "speaker");
        Layer layer = microphone.layers().getFirst();
        ReceiveStream stream = new ReceiveStream(1, 48_000, false, new PublisherClock());
        layer.bind(stream, FakeEncoder.IDS);
        for (int i = 0; i < VIEWERS; i++) {
            Scenery.forwarder(Scenery.audioSlot("a" + i), this::sink).show(0, microphone);
        }
        write("", 120);

        assertEquals(0, allocatedBy(() -> receive(Codec.OPUS, layer, stream)));
        assertEquals((long) VIEWERS * (WARM_UP + MEASURED), sunk);
    }

    @Test
    void sendingAgainAllocatesNothing() {
        Track camera = Scenery.camera("camera");
        Layer layer = camera.layers().getFirst();
        ReceiveStream stream = new ReceiveStream(1, 90_000, true, new PublisherClock());
        layer.bind(stream, FakeEncoder.IDS);
        Forwarder forwarder = Scenery.forwarder(Scenery.videoSlot(0), this::sink);
        forwarder.show(0, camera);
        write("90e0 8001 01 00 00000000 9d012a 0005 d002", 1_100);

        long allocated = allocatedBy(() -> {
            long index = number - 60_000;
            receive(Codec.VP8, layer, stream);
            forwarder.onNack(now, (int) index & 0xffff);
        });

        assertEquals(0, allocated);
        assertEquals(WARM_UP + MEASURED, forwarder.resentPackets());
    }

    private static long allocatedBy(Runnable step) {
        for (int i = 0; i < WARM_UP; i++) {
            step.run();
        }
        long before = THREADS.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < MEASURED; i++) {
            step.run();
        }
        return THREADS.getCurrentThreadAllocatedBytes() - before;
    }

    /** The next packet: all are keyframes of one packet, a millisecond apart. */
    private void receive(Codec codec, Layer layer, ReceiveStream stream) {
        now += MILLISECOND;
        packet.setShort(2, (int) number++);
        packet.setInt(4, (int) (number * 90));
        view.wrap(packet);
        long sequence = stream.onPacket(now, view.sequence(), view.timestamp(), packet.readableBytes(), false);
        layer.onPacket(now, codec, view, sequence, stream.lastTimestamp());
    }

    private void sink(long at, OutgoingRtp out) {
        sunk++;
    }

    private void write(String head, int payloadBytes) {
        new RtpWriter()
                .begin(packet, 96, true, 0, 0, 1)
                .extension8(FakeEncoder.LEVEL_ID, 30)
                .extension(FakeEncoder.DESCRIPTOR_ID, new byte[] {1, 2, 3})
                .end();
        packet.writeBytes(HexFormat.of().parseHex(head.replace(" ", "")));
        packet.writeZero(payloadBytes);
    }
}
