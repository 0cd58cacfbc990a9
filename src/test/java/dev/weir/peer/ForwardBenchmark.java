package dev.weir.peer;

import dev.weir.media.Forwarder;
import dev.weir.media.Layer;
import dev.weir.media.PublisherClock;
import dev.weir.media.ReceiveStream;
import dev.weir.media.SendStream;
import dev.weir.media.StoreBudget;
import dev.weir.media.Track;
import dev.weir.rtp.Codec;
import dev.weir.rtp.Extension;
import dev.weir.rtp.ExtensionIds;
import dev.weir.rtp.MediaKind;
import dev.weir.rtp.RtpView;
import dev.weir.rtp.RtpWriter;
import dev.weir.srtp.Ciphers;
import dev.weir.srtp.CryptoChoice;
import dev.weir.srtp.PacketCrypto;
import dev.weir.srtp.SrtpKeys;
import dev.weir.srtp.SrtpProfile;
import dev.weir.srtp.SrtpProtector;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One picture of five packets of 1,200 bytes (VP8) to all who watch, from the layer to the run that is handed over: what
 * of a forwarded packet's cost is neither the kernel's nor feedback's. For each packet that leaves.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
        value = 1,
        jvmArgsAppend = {"--enable-native-access=ALL-UNNAMED", "-XX:+UseZGC", "-XX:+UseCompactObjectHeaders"})
public class ForwardBenchmark {
    private static final int VIEWERS = 100;
    private static final int PACKETS = 5;
    private static final int PAYLOAD_BYTES = 1_150;
    private static final long FRAME_NANOS = 33_333_333;
    private static final long PLENTY_BPS = 20_000_000;
    private static final String KEYFRAME = "90e080010100000000009d012a0005d002";
    private static final Map<Extension, Integer> EXTENSIONS =
            Map.of(Extension.MID, 1, Extension.TRANSPORT_CC, 2, Extension.ABS_SEND_TIME, 3);

    @Param({"true", "false"})
    public boolean runs;

    private final ReceiveStream stream = new ReceiveStream(1, 90_000, true, new PublisherClock());
    private final RtpView view = new RtpView();
    private final RtpWriter writer = new RtpWriter();
    private final List<Egress> viewers = new ArrayList<>();
    private final List<SrtpProtector> protectors = new ArrayList<>();
    private final ByteBuf[] packets = new ByteBuf[PACKETS];
    private final byte[] payload = HexFormat.of().parseHex(KEYFRAME);
    private Layer layer;
    private long now;
    private long number;
    private long sent;

    @Setup
    public void connect() {
        Track track = new Track(
                "camera",
                "publisher",
                MediaKind.VIDEO,
                9,
                List.of(new Track.LayerPlan("", 0, 1_500_000)),
                (_, _) -> {},
                new StoreBudget(1 << 20));
        layer = track.layers().getFirst();
        layer.bind(stream, ExtensionIds.of(Map.of()));
        for (int i = 0; i < PACKETS; i++) {
            packets[i] = PooledByteBufAllocator.DEFAULT.directBuffer(2_048);
        }
        Ciphers ciphers =
                PacketCrypto.choose(CryptoChoice.LIBCRYPTO, Optional.empty()).ciphers();
        RunBuffers buffers = new RunBuffers(PooledByteBufAllocator.DEFAULT);
        SrtpProfile profile = SrtpProfile.AEAD_AES_128_GCM;
        for (int i = 0; i < VIEWERS; i++) {
            byte[] exported = new byte[profile.keyingMaterialBytes()];
            exported[0] = (byte) i;
            SrtpProtector protector = new SrtpProtector(ciphers, profile, SrtpKeys.server(profile, exported));
            Egress egress = new Egress(
                    PooledByteBufAllocator.DEFAULT,
                    buffers,
                    0,
                    "cname",
                    runs ? RunLimits.DEFAULT : RunLimits.OFF,
                    this::leave,
                    reason -> {
                        throw new IllegalStateException(reason.name());
                    });
            SendStream slot = new SendStream(
                    "5", MediaKind.VIDEO, 7, 8, Map.of(Codec.VP8, new SendStream.PayloadTypes(96, 97)), 100, 1, 0);
            Forwarder forwarder =
                    new Forwarder(slot, (at, leaving) -> egress.send(at, leaving, protector), (_, _) -> {});
            egress.add(forwarder, EXTENSIONS);
            egress.estimator().onRemb(0, PLENTY_BPS);
            forwarder.show(now, track);
            viewers.add(egress);
            protectors.add(protector);
        }
    }

    @Benchmark
    @OperationsPerInvocation(VIEWERS * PACKETS)
    public long picture() {
        now += FRAME_NANOS;
        for (int i = 0; i < PACKETS; i++) {
            receive(packets[i], i == 0, i == PACKETS - 1);
        }
        for (int i = 0; i < VIEWERS; i++) {
            viewers.get(i).endTurn(now, protectors.get(i));
        }
        if (sent != VIEWERS * number) {
            throw new IllegalStateException(sent + " of " + VIEWERS * number + " left");
        }
        return sent;
    }

    private void receive(ByteBuf packet, boolean first, boolean last) {
        packet.clear();
        writer.begin(packet, 96, last, number, now / 11_111, 1).end();
        packet.writeBytes(payload);
        if (!first) {
            packet.setByte(packet.writerIndex() - payload.length, 0x80);
        }
        packet.writeZero(PAYLOAD_BYTES);
        number++;
        view.wrap(packet);
        long sequence = stream.onPacket(now, view.sequence(), view.timestamp(), packet.readableBytes(), false);
        layer.onPacket(now, Codec.VP8, view, sequence, stream.lastTimestamp());
    }

    private boolean leave(ByteBuf run, int segmentBytes, int packets, long since) {
        sent += packets;
        run.release();
        return true;
    }
}
