package dev.weir.rtp;

import java.util.EnumMap;
import java.util.Map;

/** The ids that one m-line gives to header extensions (RFC 8285): 1 to 255, 0 for one that was not negotiated. */
public final class ExtensionIds {
    private final int[] ids = new int[Extension.values().length];

    private ExtensionIds(Map<Extension, Integer> negotiated) {
        negotiated.forEach((extension, id) -> ids[extension.ordinal()] = id);
    }

    public static ExtensionIds of(Map<Extension, Integer> negotiated) {
        return new ExtensionIds(negotiated);
    }

    public int id(Extension extension) {
        return ids[extension.ordinal()];
    }

    public Map<Extension, Integer> asMap() {
        Map<Extension, Integer> map = new EnumMap<>(Extension.class);
        for (Extension extension : Extension.values()) {
            if (id(extension) != 0) {
                map.put(extension, id(extension));
            }
        }
        return map;
    }
}
