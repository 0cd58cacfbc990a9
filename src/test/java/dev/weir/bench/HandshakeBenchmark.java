package dev.weir.bench;

import dev.weir.dtls.DtlsCertificate;
import dev.weir.dtls.DtlsConnection;
import dev.weir.dtls.DtlsParameters;
import dev.weir.dtls.HandshakeCrypto;
import io.netty.buffer.ByteBuf;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.Security;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
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
import org.openjdk.jmh.annotations.Warmup;

/** A whole handshake with certificates of both sides, client and server by the same crypto, on virtual threads. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 4, time = 2)
@Fork(value = 1, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
public class HandshakeBenchmark {
    /** Whose crypto: Bouncy Castle's own, Amazon Corretto's provider, or the JDK's elliptic curves. */
    public enum Whose {
        BOUNCY_CASTLE,
        CORRETTO,
        JDK
    }

    @Param
    public Whose crypto;

    private final SecureRandom random = new SecureRandom();
    private final BlockingQueue<End> woken = new LinkedBlockingQueue<>();
    private DtlsCertificate certificate;

    @Setup(Level.Trial)
    public void choose() throws Exception {
        HandshakeCrypto chosen =
                switch (crypto) {
                    case BOUNCY_CASTLE -> HandshakeCrypto.bouncyCastle();
                    case CORRETTO ->
                        HandshakeCrypto.of(
                                (Provider) Class.forName(
                                                "com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider")
                                        .getField("INSTANCE")
                                        .get(null),
                                random);
                    case JDK -> HandshakeCrypto.of(Security.getProvider("SunEC"), random);
                };
        System.out.println("# Handshakes: " + chosen.name());
        certificate = DtlsCertificate.generate(random, chosen);
    }

    @Benchmark
    public byte[] bothSides() throws InterruptedException {
        End client = new End(DtlsParameters.client(certificate, List.of(certificate.fingerprint())));
        End server = new End(DtlsParameters.server(certificate, List.of(certificate.fingerprint())));
        client.other = server;
        server.other = client;
        client.connection.start();
        while (client.keys == null || server.keys == null) {
            End end = woken.take();
            end.connection.drain(end);
        }
        client.connection.close();
        server.connection.close();
        woken.clear();
        return server.keys;
    }

    private final class End implements DtlsConnection.Output, DtlsConnection.Threads {
        final DtlsConnection connection;
        End other;
        byte[] keys;

        End(DtlsParameters parameters) {
            connection = new DtlsConnection(parameters, random, this);
        }

        @Override
        public void start(Runnable handshake) {
            Thread.ofVirtual().start(handshake);
        }

        @Override
        public void wake() {
            woken.add(this);
        }

        @Override
        public void send(ByteBuf datagram) {
            other.connection.onDatagram(datagram);
            datagram.release();
        }

        @Override
        public void connected(int srtpProfile, byte[] keyingMaterial) {
            keys = keyingMaterial;
        }

        @Override
        public void failed(String reason) {
            throw new IllegalStateException(reason);
        }

        @Override
        public void closed() {
            // The other side has said its end.
        }
    }
}
