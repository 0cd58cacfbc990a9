package dev.weir.srtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Random packets through all ciphers of this machine: each makes the same bytes, and opens those of the others. */
class ProvidersAgreeTest {
    private static final int PACKETS = 2_000;
    private static final long SEED = 20_260;
    private static final int SSRC = 0xfedcba98;

    /** Without leak detection, which would take most of the time. */
    private static final UnpooledByteBufAllocator BUFFERS = new UnpooledByteBufAllocator(true, true);

    private final Random random = new Random(SEED);

    private static SrtpKeys keys(SrtpProfile profile) {
        byte[] exported = new byte[profile.keyingMaterialBytes()];
        new Random(11).nextBytes(exported);
        return SrtpKeys.client(profile, exported);
    }

    /** A packet in its parts, as a viewer's leaves: header and prefix his own, the source shared. */
    private record Parts(byte[] header, byte[] prefix, byte[] source, int paddingBytes, long index) {
        static Parts random(Random random, int count) {
            byte[] header = bytes(random, 12 + 4 * random.nextInt(16));
            header[0] = (byte) 0x80;
            byte[] prefix = bytes(random, random.nextInt(3) == 0 ? random.nextInt(12) : 0);
            byte[] source = bytes(random, random.nextInt(1_501));
            int padding = random.nextInt(3) == 0 ? random.nextInt(256) : 0;
            Unpooled.wrappedBuffer(header).setInt(8, SSRC);
            // Strictly rising, through several rollovers.
            return new Parts(header, prefix, source, padding, 1_000L + count * 150L);
        }

        private static byte[] bytes(Random random, int size) {
            byte[] bytes = new byte[size];
            random.nextBytes(bytes);
            return bytes;
        }

        ByteBuf plain() {
            ByteBuf plain =
                    Unpooled.buffer().writeBytes(header).writeBytes(prefix).writeBytes(source);
            return paddingBytes == 0 ? plain : plain.writeZero(paddingBytes - 1).writeByte(paddingBytes);
        }
    }

    @ParameterizedTest
    @EnumSource
    void onTheBytesOfEveryPacketInPlaceAndOutOfPlace(SrtpProfile profile) {
        List<SrtpProtector> inPlace = new ArrayList<>();
        List<SrtpProtector> apart = new ArrayList<>();
        List<SrtpUnprotector> unprotectors = new ArrayList<>();
        for (CipherProvider provider : EveryProvider.all()) {
            inPlace.add(new SrtpProtector(new Ciphers(provider), profile, keys(profile)));
            apart.add(new SrtpProtector(new Ciphers(provider), profile, keys(profile)));
            unprotectors.add(new SrtpUnprotector(new Ciphers(provider), profile, keys(profile)));
        }
        for (int i = 0; i < PACKETS; i++) {
            Parts parts = Parts.random(random, i);
            String where = "seed " + SEED + " packet " + i;
            ByteBuf expected = parts.plain();
            inPlace.getFirst().protectRtp(expected, parts.header.length, parts.index);
            for (int p = 0; p < inPlace.size(); p++) {
                ByteBuf packet = BUFFERS.directBuffer().writeBytes(parts.plain());
                if (p > 0) {
                    inPlace.get(p).protectRtp(packet, parts.header.length, parts.index);
                    assertEquals(expected, packet, where);
                }
                ByteBuf run = intoRun(apart.get(p), parts, random.nextBoolean());
                assertEquals(expected, run.slice(7, run.writerIndex() - 7), where);
                ByteBuf received = Unpooled.copiedBuffer(expected);
                assertEquals(
                        SrtpResult.OK,
                        unprotectors
                                .get(p)
                                .unprotectRtp(received, parts.header.length, SSRC, (int) parts.index & 0xFFFF),
                        where);
                assertEquals(parts.plain(), received, where);
                run.release();
                packet.release();
            }
        }
        inPlace.forEach(SrtpProtector::close);
        apart.forEach(SrtpProtector::close);
        unprotectors.forEach(SrtpUnprotector::close);
    }

    /** Behind seven bytes of something else, out of a source with something around it. */
    private static ByteBuf intoRun(SrtpProtector protector, Parts parts, boolean direct) {
        ByteBuf source = direct ? BUFFERS.directBuffer() : Unpooled.buffer();
        source.writeZero(3).writeBytes(parts.source).writeZero(5);
        ByteBuf before = Unpooled.buffer().writeBytes(source, 0, source.writerIndex());
        ByteBuf run = (direct ? BUFFERS.directBuffer(2_048) : Unpooled.buffer(20)).writeZero(7);
        run.writeBytes(parts.header).writeBytes(parts.prefix);
        protector.protectRtp(
                run, 7, parts.header.length, source, 3, parts.source.length, parts.paddingBytes, parts.index);
        assertEquals(before, source, "the source is shared");
        source.release();
        return run;
    }

    @ParameterizedTest
    @EnumSource
    void onTheBytesOfControlPackets(SrtpProfile profile) {
        List<SrtpProtector> protectors = new ArrayList<>();
        List<SrtpUnprotector> unprotectors = new ArrayList<>();
        for (CipherProvider provider : EveryProvider.all()) {
            protectors.add(new SrtpProtector(new Ciphers(provider), profile, keys(profile)));
            unprotectors.add(new SrtpUnprotector(new Ciphers(provider), profile, keys(profile)));
        }
        for (int i = 0; i < PACKETS; i++) {
            byte[] plain = Parts.bytes(random, 8 + 4 * random.nextInt(300));
            ByteBuf expected = null;
            for (int p = 0; p < protectors.size(); p++) {
                ByteBuf packet = BUFFERS.directBuffer().writeBytes(plain);
                protectors.get(p).protectRtcp(packet);
                expected = expected == null ? Unpooled.buffer().writeBytes(packet, 0, packet.writerIndex()) : expected;
                assertEquals(expected, packet, "seed " + SEED + " packet " + i);
                assertEquals(SrtpResult.OK, unprotectors.get(p).unprotectRtcp(packet));
                assertEquals(Unpooled.wrappedBuffer(plain), packet);
                unprotectors.get(p).forget(packet.getInt(4));
                packet.release();
            }
        }
        protectors.forEach(SrtpProtector::close);
        unprotectors.forEach(SrtpUnprotector::close);
    }

    @ParameterizedTest
    @EnumSource
    void thatAnIndexIsProtectedOnceAndThatTheClosedThrow(SrtpProfile profile) {
        for (CipherProvider provider : EveryProvider.all()) {
            Ciphers ciphers = new Ciphers(provider);
            SrtpProtector protector = new SrtpProtector(ciphers, profile, keys(profile));
            SrtpUnprotector unprotector = new SrtpUnprotector(ciphers, profile, keys(profile));
            assertEquals(2, ciphers.live());
            ByteBuf packet = Unpooled.directBuffer().writeZero(40);
            protector.protectRtp(packet, 12, 9);
            ByteBuf again = Unpooled.directBuffer().writeZero(40);
            assertThrows(IllegalStateException.class, () -> protector.protectRtp(again, 12, 9));
            protector.protectRtp(again, 12, 10);
            assertNotEquals(packet.getLong(12), again.getLong(12));

            for (int i = 0; i < 2; i++) {
                protector.close();
                unprotector.close();
            }

            assertEquals(0, ciphers.live());
            assertThrows(IllegalStateException.class, () -> protector.protectRtp(again, 12, 11));
            assertThrows(IllegalStateException.class, () -> protector.protectRtcp(again));
            assertThrows(IllegalStateException.class, () -> unprotector.unprotectRtp(packet, 12, 0, 9));
            assertThrows(IllegalStateException.class, () -> unprotector.unprotectRtcp(packet));
            packet.release();
            again.release();
        }
    }
}
