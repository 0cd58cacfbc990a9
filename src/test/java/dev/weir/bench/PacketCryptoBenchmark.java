package dev.weir.bench;

import dev.weir.srtp.Ciphers;
import dev.weir.srtp.CryptoChoice;
import dev.weir.srtp.PacketCrypto;
import dev.weir.srtp.SrtpKeys;
import dev.weir.srtp.SrtpProfile;
import dev.weir.srtp.SrtpProtector;
import dev.weir.srtp.SrtpResult;
import dev.weir.srtp.SrtpUnprotector;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.security.Provider;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Packets of 1,100 bytes by each provider: out of a shared source as a viewer's are, the same with a prefix and padding,
 * in place, and back again (what is left when protecting in place is taken off).
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {"--enable-native-access=ALL-UNNAMED", "-XX:+UseZGC", "-XX:+UseCompactObjectHeaders"})
public class PacketCryptoBenchmark {
    private static final int HEADER_BYTES = 12;
    private static final int PACKET_BYTES = 1_100;
    private static final int PAYLOAD_BYTES = PACKET_BYTES - HEADER_BYTES;
    private static final int PREFIX_BYTES = 4;
    private static final int PADDING_BYTES = 30;

    @Param({"LIBCRYPTO", "CORRETTO", "JDK"})
    public CryptoChoice provider;

    @Param
    public SrtpProfile profile;

    private final ByteBuf source =
            PooledByteBufAllocator.DEFAULT.directBuffer(PACKET_BYTES).writeZero(PACKET_BYTES);
    private final ByteBuf packet = PooledByteBufAllocator.DEFAULT.directBuffer(2_048);
    private SrtpProtector protector;
    private SrtpUnprotector unprotector;
    private long index;

    @Setup(Level.Trial)
    public void open() throws ReflectiveOperationException {
        Provider corretto = (Provider) Class.forName("com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider")
                .getField("INSTANCE")
                .get(null);
        PacketCrypto crypto = PacketCrypto.choose(provider, Optional.of(corretto));
        System.out.println("# Ciphers: " + crypto.name());
        Ciphers ciphers = crypto.ciphers();
        SrtpKeys keys = SrtpKeys.client(profile, new byte[profile.keyingMaterialBytes()]);
        protector = new SrtpProtector(ciphers, profile, keys);
        unprotector = new SrtpUnprotector(ciphers, profile, keys);
    }

    @TearDown(Level.Trial)
    public void close() {
        protector.close();
        unprotector.close();
    }

    @Benchmark
    public ByteBuf protect() {
        header();
        protector.protectRtp(packet, 0, HEADER_BYTES, source, 0, PAYLOAD_BYTES, 0, index);
        return packet;
    }

    @Benchmark
    public ByteBuf protectWithPrefixAndPadding() {
        header().writeInt(7);
        int bytes = PAYLOAD_BYTES - PREFIX_BYTES - PADDING_BYTES;
        protector.protectRtp(packet, 0, HEADER_BYTES, source, 0, bytes, PADDING_BYTES, index);
        return packet;
    }

    @Benchmark
    public ByteBuf protectInPlace() {
        header().writerIndex(PACKET_BYTES);
        protector.protectRtp(packet, HEADER_BYTES, index);
        return packet;
    }

    @Benchmark
    public SrtpResult protectInPlaceAndUnprotect() {
        protectInPlace();
        SrtpResult result = unprotector.unprotectRtp(packet, HEADER_BYTES, 7, (int) index & 0xFFFF);
        if (result != SrtpResult.OK) {
            throw new IllegalStateException(result.name());
        }
        return result;
    }

    private ByteBuf header() {
        index++;
        return packet.clear()
                .writeInt(0x80600000 | (int) index & 0xFFFF)
                .writeInt(0)
                .writeInt(7);
    }
}
