package dev.weir.rtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ExtensionIdsTest {
    @Test
    void holdsWhatWasNegotiatedAndZeroForTheRest() {
        Map<Extension, Integer> map = Map.of(Extension.MID, 4, Extension.TRANSPORT_CC, 255);

        ExtensionIds ids = ExtensionIds.of(map);

        assertEquals(4, ids.id(Extension.MID));
        assertEquals(255, ids.id(Extension.TRANSPORT_CC));
        assertEquals(0, ids.id(Extension.RID));
        assertEquals(map, ids.asMap());
        assertEquals(ids, ExtensionIds.of(map));
        assertEquals(Map.of(), ExtensionIds.NONE.asMap());
    }

    @Test
    void refusesIdsThatNoPacketCanCarry() {
        assertThrows(IllegalArgumentException.class, () -> ExtensionIds.of(Map.of(Extension.MID, 0)));
        assertThrows(IllegalArgumentException.class, () -> ExtensionIds.of(Map.of(Extension.MID, 256)));
    }
}
