package dev.weir.srtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.rtp.RtpView;
import dev.weir.rtp.RtpWriter;
import dev.weir.rtp.Wire;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A protector and an unprotector with the same keys, and what a network does between them. */
class SrtpTest {
    private static final int SSRC = 0xfedcba98;

    private final RtpView view = new RtpView();
    private final RtpWriter writer = new RtpWriter();

    private static SrtpKeys keys(SrtpProfile profile) {
        byte[] exported = new byte[profile.keyingMaterialBytes()];
        new Random(11).nextBytes(exported);
        return SrtpKeys.client(profile, exported);
    }

    private ByteBuf plain(int ssrc, long index) {
        ByteBuf packet = Unpooled.buffer(64).writeZero(3).readerIndex(3);
        writer.begin(packet, 96, false, index, index * 3_000, ssrc)
                .extension16(5, (int) index)
                .end();
        return packet.writeLong(index).writeZero((int) (index % 100));
    }

    private ByteBuf sealed(SrtpProtector protector, int ssrc, long index) {
        ByteBuf packet = plain(ssrc, index);
        protector.protectRtp(packet, 20, index);
        return packet;
    }

    private SrtpResult unprotect(SrtpUnprotector unprotector, ByteBuf packet) {
        assertTrue(view.wrapHeader(packet));
        return unprotector.unprotectRtp(packet, view.headerBytes(), view.ssrc(), view.sequence());
    }

    @ParameterizedTest
    @EnumSource
    void unprotectUndoesProtectThroughLossAndReorderAcrossRollovers(SrtpProfile profile) {
        for (int seed = 0; seed < 3; seed++) {
            Random random = new Random(seed);
            SrtpProtector protector = new SrtpProtector(profile, keys(profile));
            SrtpUnprotector unprotector = new SrtpUnprotector(profile, keys(profile));
            List<ByteBuf> wire = new ArrayList<>();
            List<Long> indices = new ArrayList<>();
            long index = 20_000;
            // Steps of thirteen on average, five packets under way: four rollovers, and nothing as old as the window.
            for (int sent = 0; sent < 20_000 || !wire.isEmpty(); sent++) {
                if (sent < 20_000) {
                    index += 1 + random.nextInt(25);
                    wire.add(sealed(protector, SSRC, index));
                    indices.add(index);
                }
                if (wire.size() > 4 || sent >= 20_000) {
                    int next = random.nextInt(Math.min(5, wire.size()));
                    long expected = indices.remove(next);
                    ByteBuf packet = wire.remove(next);
                    if (random.nextInt(10) == 0) {
                        continue;
                    }
                    assertEquals(SrtpResult.OK, unprotect(unprotector, packet), "seed " + seed + " at " + expected);
                    assertEquals(expected, unprotector.lastIndex());
                    assertEquals(Wire.hex(plain(SSRC, expected)), Wire.hex(packet));
                }
            }
            assertTrue(index > 4L << 16, "only to " + index);
        }
    }

    @ParameterizedTest
    @EnumSource
    void acceptsNoPacketTwice(SrtpProfile profile) {
        Random random = new Random(5);
        SrtpProtector protector = new SrtpProtector(profile, keys(profile));
        SrtpUnprotector unprotector = new SrtpUnprotector(profile, keys(profile));
        List<ByteBuf> sent = new ArrayList<>();
        for (long index = 65_000; index < 67_000; index++) {
            sent.add(sealed(protector, SSRC, index));
        }
        unprotect(unprotector, sealed(protector, SSRC, 32_000));
        Set<Integer> accepted = new HashSet<>();
        for (int i = 0; i < 20_000; i++) {
            int which = Math.min(1_999, random.nextInt(1 + i / 8));
            if (unprotect(unprotector, sent.get(which).copy()) == SrtpResult.OK) {
                assertTrue(accepted.add(which), "packet " + which + " a second time");
            }
        }
        assertTrue(accepted.size() > 1_000);
    }

    @ParameterizedTest
    @EnumSource
    void saysWhyItRefuses(SrtpProfile profile) {
        SrtpProtector protector = new SrtpProtector(profile, keys(profile));
        SrtpUnprotector unprotector = new SrtpUnprotector(profile, keys(profile));
        ByteBuf first = sealed(protector, SSRC, 100);
        ByteBuf old = sealed(protector, SSRC, 1_000);

        assertEquals(SrtpResult.OK, unprotect(unprotector, first.copy()));
        assertEquals(SrtpResult.REPLAYED, unprotect(unprotector, first));
        assertEquals(SrtpResult.OK, unprotect(unprotector, sealed(protector, SSRC, 2_024)));
        assertEquals(SrtpResult.TOO_OLD, unprotect(unprotector, old));
        ByteBuf bare = Unpooled.buffer();
        writer.begin(bare, 96, false, 2_025, 0, SSRC).end();
        bare.writeZero(profile.rtpOverheadBytes() - 1);
        assertEquals(SrtpResult.TOO_SHORT, unprotect(unprotector, bare));
        bare.writeZero(1);
        assertEquals(SrtpResult.FORGED, unprotect(unprotector, bare));
    }

    @ParameterizedTest
    @EnumSource
    void aForgedPacketMovesNeitherRolloverNorWindow(SrtpProfile profile) {
        SrtpProtector protector = new SrtpProtector(profile, keys(profile));
        SrtpUnprotector unprotector = new SrtpUnprotector(profile, keys(profile));
        assertEquals(SrtpResult.OK, unprotect(unprotector, sealed(protector, SSRC, 65_000)));

        // Believed, either of these would carry the receiver to the next rollover or shut the window.
        for (long index : new long[] {65_536 + 5, 65_001, 65_000 + 30_000}) {
            ByteBuf forged = sealed(protector, SSRC, index);
            forged.setByte(forged.writerIndex() - 1, ~forged.getByte(forged.writerIndex() - 1));
            ByteBuf before = forged.copy();
            assertEquals(SrtpResult.FORGED, unprotect(unprotector, forged));
            assertEquals(before, forged);
        }

        assertEquals(65_000, unprotector.lastIndex());
        SrtpProtector again = new SrtpProtector(profile, keys(profile));
        assertEquals(SrtpResult.OK, unprotect(unprotector, sealed(again, SSRC, 64_990)));
        assertEquals(SrtpResult.OK, unprotect(unprotector, sealed(again, SSRC, 65_001)));
        assertEquals(SrtpResult.OK, unprotect(unprotector, sealed(again, SSRC, 65_541)));
        assertEquals(65_541, unprotector.lastIndex());
    }

    @ParameterizedTest
    @EnumSource
    void knowsOnlySoManyStreamsAndOnlyAuthenticOnes(SrtpProfile profile) {
        SrtpProtector protector = new SrtpProtector(profile, keys(profile));
        SrtpUnprotector unprotector = new SrtpUnprotector(profile, keys(profile));
        for (int ssrc = 1_000; ssrc < 1_200; ssrc++) {
            ByteBuf forged = sealed(protector, ssrc, 1);
            forged.setByte(30, ~forged.getByte(30));
            assertEquals(SrtpResult.FORGED, unprotect(unprotector, forged));
        }
        for (int ssrc = 0; ssrc < SrtpUnprotector.MAX_STREAMS; ssrc++) {
            assertEquals(SrtpResult.OK, unprotect(unprotector, sealed(protector, ssrc, 1)));
        }

        assertEquals(SrtpResult.TOO_MANY_STREAMS, unprotect(unprotector, sealed(protector, 64, 1)));
        assertEquals(SrtpResult.OK, unprotect(unprotector, sealed(protector, 63, 2)));
        unprotector.forget(7);
        assertEquals(SrtpResult.OK, unprotect(unprotector, sealed(protector, 64, 2)));
    }

    @ParameterizedTest
    @EnumSource
    void anEarlyJumpAheadIsNotTakenForOneBeforeTheStart(SrtpProfile profile) {
        SrtpProtector protector = new SrtpProtector(profile, keys(profile));
        SrtpUnprotector unprotector = new SrtpUnprotector(profile, keys(profile));
        unprotect(unprotector, sealed(protector, SSRC, 5));

        assertEquals(SrtpResult.OK, unprotect(unprotector, sealed(protector, SSRC, 65_000)));
        assertEquals(65_000, unprotector.lastIndex());
    }

    @ParameterizedTest
    @EnumSource
    void controlPacketsGoThroughOnceEach(SrtpProfile profile) {
        SrtpProtector protector = new SrtpProtector(profile, keys(profile));
        SrtpUnprotector unprotector = new SrtpUnprotector(profile, keys(profile));
        String golden = "81c90007 00000001 00000002 00000000 00000000 00000000 00000000 00000000"
                + "81ce0002 00000001 00000002";
        List<ByteBuf> sent = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            ByteBuf packet = Unpooled.buffer(8).writeBytes(Wire.array(golden));
            protector.protectRtcp(packet);
            assertEquals(44 + profile.rtcpOverheadBytes(), packet.readableBytes());
            sent.add(packet);
        }

        for (int i = 100; i < 200; i++) {
            ByteBuf packet = sent.get(i).copy();
            assertEquals(SrtpResult.OK, unprotector.unprotectRtcp(packet));
            assertEquals(Wire.hex(golden), Wire.hex(packet));
            assertEquals(
                    SrtpResult.REPLAYED, unprotector.unprotectRtcp(sent.get(i).copy()));
        }
        assertEquals(SrtpResult.OK, unprotector.unprotectRtcp(sent.get(72).copy()));
        assertEquals(SrtpResult.TOO_OLD, unprotector.unprotectRtcp(sent.get(71).copy()));
    }

    @ParameterizedTest
    @EnumSource
    void refusesEveryTruncationAndFlipOfAControlPacket(SrtpProfile profile) {
        ByteBuf sealed = Unpooled.buffer().writeBytes(Wire.array("80c90001 00000001"));
        new SrtpProtector(profile, keys(profile)).protectRtcp(sealed);
        byte[] bytes = new byte[sealed.readableBytes()];
        sealed.getBytes(0, bytes);

        for (int length = 0; length < bytes.length; length++) {
            SrtpUnprotector unprotector = new SrtpUnprotector(profile, keys(profile));
            assertNotEquals(SrtpResult.OK, unprotector.unprotectRtcp(Unpooled.copiedBuffer(bytes, 0, length)));
        }
        SrtpUnprotector unprotector = new SrtpUnprotector(profile, keys(profile));
        for (int bit = 0; bit < bytes.length * 8; bit++) {
            byte[] flipped = bytes.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            assertEquals(SrtpResult.FORGED, unprotector.unprotectRtcp(Unpooled.wrappedBuffer(flipped)), "bit " + bit);
        }
        assertEquals(SrtpResult.OK, unprotector.unprotectRtcp(sealed));
    }

    @ParameterizedTest
    @EnumSource
    void worksOnDirectBuffersAndLargePackets(SrtpProfile profile) {
        SrtpProtector protector = new SrtpProtector(profile, keys(profile));
        SrtpUnprotector unprotector = new SrtpUnprotector(profile, keys(profile));
        for (int payloadBytes : new int[] {0, 1, 1_200, 1_524, 60_000, 1_000}) {
            ByteBuf packet = Unpooled.directBuffer(16);
            writer.begin(packet, 96, false, payloadBytes, 0, SSRC + payloadBytes)
                    .end();
            packet.writeZero(payloadBytes);
            String plain = Wire.hex(packet);

            protector.protectRtp(packet, 12, payloadBytes);

            assertEquals(12 + payloadBytes + profile.rtpOverheadBytes(), packet.readableBytes());
            assertEquals(SrtpResult.OK, unprotect(unprotector, packet));
            assertEquals(plain, Wire.hex(packet));
            packet.release();
        }
    }

    @Test
    void theKeysOfTheOtherSideOpenNothing() {
        byte[] exported = new byte[56];
        new Random(1).nextBytes(exported);
        SrtpProfile profile = SrtpProfile.AEAD_AES_128_GCM;
        SrtpProtector client = new SrtpProtector(profile, SrtpKeys.client(profile, exported));
        SrtpUnprotector server = new SrtpUnprotector(profile, SrtpKeys.server(profile, exported));

        assertEquals(SrtpResult.FORGED, unprotect(server, sealed(client, SSRC, 1)));
    }
}
