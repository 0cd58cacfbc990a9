package dev.weir.rtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import org.junit.jupiter.api.Test;

class KeyframesTest {
    private static boolean starts(Codec codec, String hex) {
        ByteBuf payload = Wire.bytes("ff" + hex);
        return Keyframes.startsKeyframe(codec, payload, 1, payload.readableBytes() - 1);
    }

    @Test
    void knowsVp8ByTheInverseBitOfTheFirstPacket() {
        assertTrue(starts(Codec.VP8, Vp8DescriptorTest.KEYFRAME));
        assertTrue(starts(Codec.VP8, "10 00"));
        assertFalse(starts(Codec.VP8, "10 01"), "inter frame");
        assertFalse(starts(Codec.VP8, "00 00"), "goes on with a partition");
        assertFalse(starts(Codec.VP8, "11 00"), "second partition");
    }

    @Test
    void knowsVp9ByTheLowestSpatialLayerWithoutPrediction() {
        assertTrue(starts(Codec.VP9, "08 00"), "no layers");
        assertTrue(starts(Codec.VP9, "a8 8123 00 00"), "15-bit id, spatial layer 0");
        assertTrue(starts(Codec.VP9, "a8 23 01 00"), "7-bit id, spatial layer 0, the D bit");
        assertFalse(starts(Codec.VP9, "a8 23 02 00"), "spatial layer 1");
        assertFalse(starts(Codec.VP9, "e8 23 00 00"), "predicted from another picture");
        assertFalse(starts(Codec.VP9, "a0 23 00 00"), "not the frame's beginning");
        assertFalse(starts(Codec.VP9, "a8 81"), "cut off");
    }

    @Test
    void knowsH264InEachPacketization() {
        assertTrue(starts(Codec.H264, "67 42e01f"), "parameters");
        assertTrue(starts(Codec.H264, "65 88"), "picture");
        assertFalse(starts(Codec.H264, "41 9a"), "inter picture");
        assertTrue(starts(Codec.H264, "78 0002 68ce 0003 6742e0"), "parameters second in a STAP-A");
        assertFalse(starts(Codec.H264, "78 0002 68ce 0002 419a"), "no such unit in a STAP-A");
        assertTrue(starts(Codec.H264, "7c 85 88"), "first fragment");
        assertFalse(starts(Codec.H264, "7c 05 88"), "later fragment");
        assertFalse(starts(Codec.H264, "7c 81 88"), "first fragment of an inter picture");
        assertFalse(starts(Codec.H264, "78 0000 0000"), "empty units");
        assertFalse(starts(Codec.H264, "78 0009 67"), "unit overruns");
    }

    @Test
    void knowsAv1ByTheSequenceHeader() {
        assertTrue(starts(Codec.AV1, "18 0a"), "new sequence bit");
        assertTrue(starts(Codec.AV1, "10 0a 0b"), "one unit without length");
        assertTrue(starts(Codec.AV1, "20 02 0a0b 30"), "two units, the first with length");
        assertTrue(starts(Codec.AV1, "00 01 12 01 0a"), "behind a temporal delimiter");
        assertFalse(starts(Codec.AV1, "10 30 00"), "a frame");
        assertFalse(starts(Codec.AV1, "90 0a"), "goes on with a unit");
        assertFalse(starts(Codec.AV1, "00 ffffffff 0a"), "a length without end");
        assertFalse(starts(Codec.AV1, "00 00 00 00"), "empty units");
    }

    @Test
    void everyAudioPacketIsAStart() {
        assertTrue(starts(Codec.OPUS, "fc"));
    }

    @Test
    void survivesGarbage() {
        String[] goldens = {
            Vp8DescriptorTest.KEYFRAME, "a8 8123 00 00 11", "78 0002 68ce 0003 6742e0", "00 01 12 02 300a 81 00 0a"
        };
        for (Codec codec : Codec.values()) {
            for (String golden : goldens) {
                Wire.spoil(golden, packet -> {
                    boolean starts = Keyframes.startsKeyframe(codec, packet, 0, packet.readableBytes());
                    if (codec == Codec.VP8) {
                        Vp8Descriptor descriptor = new Vp8Descriptor();
                        boolean viewed =
                                descriptor.wrap(packet, 0, packet.readableBytes()) && descriptor.startsKeyframe();
                        assertEquals(viewed, starts);
                    }
                });
            }
        }
    }
}
