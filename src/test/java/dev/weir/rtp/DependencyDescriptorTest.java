package dev.weir.rtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

public class DependencyDescriptorTest {
    /** Recorded from Chromium 156.0.8078.79: first packets of keyframes. AV1 and VP9 L1T3 are the same. */
    public static final String L1T3 = "c00001 800214eaa860414d1410208427013f00b3";

    /** VP8 with three temporal layers. */
    public static final String VP8_L1T3 = "c00001 8002044eaaaf2860414d34538a0940404fc02cc0";

    /** VP9 and AV1, asked for three spatial layers of 640x360: Chromium makes two, 320x180 and 640x360. */
    public static final String L3T3_KEY =
            "c00004 800514853aaaa8018004004002a02a0060010015d34514174d144c700874321651118543276809f8059813f80b38";

    /** The same with only the lowest spatial layer made for now. */
    static final String L3T3_KEY_PART =
            "c00001 c00514853aaaa8018004004002a02a0060010015d34514174d144c700874321651118543276809f8059813f80b38e0";

    /** VP9. */
    public static final String L3T3 =
            "c10001 c00514853abfaaa18f04304302a02a006001001b934515e082704608c0c787004321651111543276809f8059813f80b38e";

    private final DependencyDescriptor descriptor = new DependencyDescriptor();

    private boolean read(String hex) {
        ByteBuf bytes = Wire.bytes("ee" + hex);
        return descriptor.read(bytes, 1, bytes.readableBytes() - 1);
    }

    private String indications() {
        StringBuilder text = new StringBuilder();
        for (int target = 0; target < descriptor.structure().targets(); target++) {
            text.append("-DSR".charAt(descriptor.indication(target)));
        }
        return text.toString();
    }

    private String diffs() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < descriptor.diffCount(); i++) {
            text.append(i == 0 ? "" : ",").append(descriptor.diff(i));
        }
        return text.toString();
    }

    private String frame() {
        return descriptor.spatial() + "/" + descriptor.temporal() + " " + indications() + " [" + diffs() + "]";
    }

    @Test
    void readsThreeTemporalLayersOfChromium() {
        assertTrue(read(L1T3));
        assertTrue(descriptor.structurePresent());
        assertTrue(descriptor.startsFrame());
        assertTrue(descriptor.endsFrame());
        assertEquals(1, descriptor.frame());
        assertEquals("0/0 SSS []", frame());
        assertEquals(3, descriptor.structure().targets());
        assertEquals(1, descriptor.structure().chains());
        assertEquals(320, descriptor.structure().width(0));
        assertEquals(180, descriptor.structure().height(0));
        assertEquals(0, descriptor.structure().height(1));

        assertTrue(read("c30002"));
        assertFalse(descriptor.structurePresent());
        assertEquals(2, descriptor.frame());
        assertEquals("0/2 --D [1]", frame());
        assertEquals(1, descriptor.chainDiff(0));
        assertTrue(read("c20003"));
        assertEquals("0/1 -DS [2]", frame());
        assertTrue(read("c40004"));
        assertEquals("0/2 --D [1]", frame());
        assertTrue(read("c10005"));
        assertEquals("0/0 SSS [4]", frame());
        assertEquals(4, descriptor.chainDiff(0));
    }

    @Test
    void readsSpatialLayersThatMeetAtKeyframesOnly() {
        assertTrue(read(L3T3_KEY));
        assertEquals("0/0 SSSSSS []", frame());
        DependencyStructure structure = descriptor.structure();
        assertEquals(1, structure.topSpatial());
        assertEquals(1, structure.targetSpatial(4));
        assertEquals(1, structure.targetTemporal(4));
        assertEquals(1, structure.protectedBy(4));
        assertEquals(2, structure.chains());
        assertTrue(structure.includes(5, 4), "fewer pictures of the same layer");
        assertFalse(structure.includes(5, 2), "another layer");

        assertTrue(read("450005"));
        assertFalse(descriptor.startsFrame());
        assertTrue(descriptor.endsFrame());
        assertEquals("1/0 ---SSS [1]", frame());
        assertTrue(read("c30006"));
        assertEquals("0/2 --D--- [2]", frame(), "needs a frame before the one before");
        assertTrue(read("c80007"));
        assertEquals("1/2 -----D [2]", frame());
    }

    @Test
    void readsSpatialLayersThatNeedEachOther() {
        assertTrue(read(L3T3));
        assertEquals("0/0 SSSSSS []", frame());
        assertTrue(descriptor.structure().includes(5, 2));
        assertFalse(descriptor.structure().includes(2, 5));
        assertTrue(read("8000055fe9808080"));
        assertEquals("0/0 SSSRRR [4]", frame());
        assertEquals(5, descriptor.frame());
    }

    @Test
    void knowsWhatTheSenderMakes() {
        assertTrue(read(L3T3_KEY_PART));
        assertEquals(0b111, descriptor.activeTargets());
        assertTrue(read(L3T3_KEY));
        assertEquals(0b11_1111, descriptor.activeTargets(), "a structure begins with all");
        assertTrue(read(L3T3_KEY_PART));
        assertEquals(0b11_1111, descriptor.activeTargets(), "an older one comes late");
        assertEquals(1, descriptor.frame());
        assertTrue(read("c30005"));
    }

    @Test
    void readsTheFrameOfAnotherTemplateOrder() {
        assertTrue(read(VP8_L1T3));
        assertEquals("0/0 SSS []", frame());
        assertTrue(read("c50002"));
        assertEquals(2, descriptor.temporal());
    }

    @Test
    void framesGoOnPastTheWrap() {
        assertTrue(read("c0ffff" + L1T3.substring(6)));
        assertTrue(read("c30000"));
        assertEquals(0x1_0000, descriptor.frame());
    }

    @Test
    void refusesWhatRefersToNothing() {
        assertFalse(read("c30002"), "no structure yet");
        assertEquals(2, descriptor.frame());
        assertTrue(read(L1T3));
        assertFalse(read("ff0003"), "no such template");
        assertTrue(read("c30003"));
        assertFalse(read("c3"));
    }

    @Test
    void movesFrameNumbersAndTemplates() {
        ByteBuf source = Wire.bytes("ee" + L1T3);
        ByteBuf target = Unpooled.buffer();
        DescriptorWriter.write(source, 1, source.readableBytes() - 1, 0x1_ffff, 62, target);

        assertTrue(descriptor.read(target, 0, target.readableBytes()));
        assertEquals(0, descriptor.frame());
        assertEquals(62, descriptor.structure().firstTemplateId());
        assertEquals("0/0 SSS []", frame());
        ByteBuf next = Unpooled.buffer();
        DescriptorWriter.write(Wire.bytes("c30002"), 0, 3, 0x1_ffff, 62, next);
        assertEquals("c10001", Wire.hex(next));
        assertTrue(descriptor.read(next, 0, 3));
        assertEquals("0/2 --D [1]", frame());
    }

    @Test
    void namesTheTargetsThatAreStillWhole() {
        for (String golden : new String[] {L3T3_KEY, L3T3_KEY_PART, L3T3, "c50005", "8000055fe9808080"}) {
            read(L3T3);
            assertTrue(read(golden), golden);
            String before = frame();
            ByteBuf source = Wire.bytes(golden);
            ByteBuf target = Unpooled.buffer();
            DescriptorWriter.write(
                    source, 0, source.readableBytes(), 100, 0, target, 0b01_0110, 6, descriptor.activeAt());
            assertTrue(descriptor.read(target, 0, target.readableBytes()), golden);
            assertEquals(before, frame());
            assertEquals(0b01_0110, descriptor.activeTargets());
        }
    }

    @Test
    void survivesGarbage() {
        for (String golden : new String[] {L1T3, VP8_L1T3, L3T3_KEY_PART, L3T3, "8000055fe9808080"}) {
            DependencyDescriptor fed = new DependencyDescriptor();
            ByteBuf target = Unpooled.buffer();
            Wire.spoil(golden, packet -> {
                int bytes = packet.readableBytes();
                boolean read = fed.read(packet, 0, bytes);
                target.clear();
                DescriptorWriter.write(packet, 0, bytes, 3, 5, target);
                if (read) {
                    target.clear();
                    int targets = fed.structure().targets();
                    DescriptorWriter.write(packet, 0, bytes, 3, 5, target, 1, targets, fed.activeAt());
                    assertTrue(target.readableBytes() <= DescriptorWriter.MAX_BYTES);
                    assertTrue(fed.structure().includes(0, 0));
                }
            });
        }
    }
}
