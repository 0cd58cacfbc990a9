package dev.weir.rtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import org.junit.jupiter.api.Test;

class RtpViewTest {
    /** By hand from RFC 8285 section 4.2: mid "0" as id 1, 16 bits as id 3, an audio level as id 4, padding. */
    static final String ONE_BYTE = "90 e0 1234 89abcdef fedcba98  bede 0002 10 30 31 0005 40 8f 00  aabbcc";

    /** By hand from RFC 8285 section 4.3: id 1 of two bytes, padding, id 20 of none, id 200 of one. */
    static final String TWO_BYTE = "90 60 ffff 00000001 00000002  1000 0003 01 02 6162 00 14 00 c8 01 7f 00 00  aabb";

    private final RtpView view = new RtpView();

    @Test
    void readsTheFixedHeader() {
        ByteBuf packet = Wire.bytes("ffff" + ONE_BYTE).readerIndex(2);

        assertTrue(view.wrap(packet));

        assertEquals(0x1234, view.sequence());
        assertEquals(0x89abcdefL, view.timestamp());
        assertEquals(0xfedcba98, view.ssrc());
        assertEquals(0x60, view.payloadType());
        assertTrue(view.marker());
        assertEquals(0, view.csrcCount());
        assertEquals(24, view.headerBytes());
        assertEquals(26, view.payloadOffset());
        assertEquals(3, view.payloadBytes());
        assertEquals(0, view.paddingBytes());
        assertEquals(2, packet.readerIndex());
    }

    @Test
    void findsOneByteExtensions() {
        assertTrue(view.wrap(Wire.bytes(ONE_BYTE)));

        assertEquals(17, view.extensionOffset(1));
        assertEquals(1, view.extensionBytes(1));
        assertEquals(19, view.extensionOffset(3));
        assertEquals(2, view.extensionBytes(3));
        assertEquals(-1, view.extensionOffset(2));
        assertEquals(22, view.extensionOffset(4));
        assertEquals(0, view.extensionBytes(2));
    }

    @Test
    void findsTwoByteExtensions() {
        assertTrue(view.wrap(Wire.bytes(TWO_BYTE)));

        assertEquals(18, view.extensionOffset(1));
        assertEquals(2, view.extensionBytes(1));
        assertEquals(23, view.extensionOffset(20));
        assertEquals(0, view.extensionBytes(20));
        assertEquals(25, view.extensionOffset(200));
        assertEquals(1, view.extensionBytes(200));
        assertEquals(2, view.payloadBytes());
    }

    @Test
    void forgetsTheExtensionsOfThePacketBefore() {
        view.wrap(Wire.bytes(TWO_BYTE));

        assertTrue(view.wrap(Wire.bytes("80 60 0001 00000001 00000002 aa")));

        assertEquals(-1, view.extensionOffset(1));
        assertEquals(-1, view.extensionOffset(200));
    }

    @Test
    void stopsAtIdFifteenAndKeepsWhatCameBefore() {
        assertTrue(view.wrap(Wire.bytes("90 60 0001 00000001 00000002 bede 0002 10 aa f0 bb 20 cc 00 00")));

        assertEquals(17, view.extensionOffset(1));
        assertEquals(-1, view.extensionOffset(2));
    }

    @Test
    void stepsOverAnUnknownExtensionProfile() {
        assertTrue(view.wrap(Wire.bytes("90 60 0001 00000001 00000002 abcd 0001 10aaf0bb 55")));

        assertEquals(20, view.headerBytes());
        assertEquals(-1, view.extensionOffset(1));
    }

    @Test
    void stepsOverContributingSources() {
        assertTrue(view.wrap(Wire.bytes("82 60 0001 00000001 00000002 00000003 00000004 55")));

        assertEquals(2, view.csrcCount());
        assertEquals(20, view.headerBytes());
        assertEquals(1, view.payloadBytes());
    }

    @Test
    void cutsPaddingOnceThePacketIsInTheClear() {
        ByteBuf packet = Wire.bytes("a0 60 0001 00000001 00000002 aabb 000003");

        assertTrue(view.wrapHeader(packet));
        assertEquals(5, view.payloadBytes());
        assertEquals(0, view.paddingBytes());

        assertTrue(view.wrap(packet));
        assertEquals(2, view.payloadBytes());
        assertEquals(3, view.paddingBytes());
    }

    @Test
    void takesAPacketOfPaddingAlone() {
        assertTrue(view.wrap(Wire.bytes("a0 60 0001 00000001 00000002 000003")));

        assertEquals(0, view.payloadBytes());
        assertEquals(3, view.paddingBytes());
    }

    @Test
    void refusesWhatIsMalformed() {
        assertFalse(view.wrap(Wire.bytes("40 60 0001 00000001 00000002")), "version 1");
        assertFalse(view.wrap(Wire.bytes("80 60 0001 00000001 000002")), "short header");
        assertFalse(view.wrap(Wire.bytes("81 60 0001 00000001 00000002 000003")), "short CSRC");
        assertFalse(view.wrap(Wire.bytes("90 60 0001 00000001 00000002 bede00")), "short extension header");
        assertFalse(view.wrap(Wire.bytes("90 60 0001 00000001 00000002 bede0001 00")), "extension block overruns");
        assertFalse(view.wrap(Wire.bytes("90 60 0001 00000001 00000002 bede0001 13aabbcc")), "element overruns");
        assertFalse(view.wrap(Wire.bytes("90 60 0001 00000001 00000002 10000001 0103aabb")), "two-byte one overruns");
        assertFalse(view.wrap(Wire.bytes("a0 60 0001 00000001 00000002 aa00")), "padding of 0");
        assertFalse(view.wrap(Wire.bytes("a0 60 0001 00000001 00000002 aa03")), "padding overruns");
        assertFalse(view.wrap(Wire.bytes("a0 60 0001 00000001 00000002")), "padding of an empty payload");
    }

    @Test
    void survivesGarbage() {
        String padded = "a2 60 0001 00000001 00000002 00000003 00000004 aa 02 02";
        for (String golden : new String[] {ONE_BYTE, TWO_BYTE, padded}) {
            Wire.spoil(golden, packet -> {
                if (view.wrap(packet)) {
                    int end = view.payloadOffset() + view.payloadBytes() + view.paddingBytes();
                    assertEquals(packet.writerIndex(), end);
                    for (int id = 0; id <= 255; id++) {
                        assertTrue(view.extensionOffset(id) + view.extensionBytes(id) <= view.payloadOffset());
                    }
                }
            });
        }
    }
}
