package dev.weir.rtp;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/** The ids that one session description gave to the extensions. Immutable. */
public final class ExtensionIds {
    /** No extension negotiated. */
    public static final ExtensionIds NONE = of(Map.of());

    private static final Extension[] EXTENSIONS = Extension.values();
    private static final int MAX_ID = 255;

    private final int[] ids;

    private ExtensionIds(int[] ids) {
        this.ids = ids;
    }

    /**
     * The ids as given; an extension without an entry is absent. Ids are 1..255 (RFC 8285 section 4.3), and whoever
     * reads a session description has seen to that.
     */
    public static ExtensionIds of(Map<Extension, Integer> ids) {
        int[] byOrdinal = new int[Extension.values().length];
        ids.forEach((extension, id) -> {
            if (id < 1 || id > MAX_ID) {
                throw new IllegalArgumentException(extension + " has id " + id);
            }
            byOrdinal[extension.ordinal()] = id;
        });
        return new ExtensionIds(byOrdinal);
    }

    /** The extension's id, 1..255, or 0 where it was not negotiated. */
    public int id(Extension extension) {
        return ids[extension.ordinal()];
    }

    /** The negotiated extensions only. */
    public Map<Extension, Integer> asMap() {
        Map<Extension, Integer> map = new EnumMap<>(Extension.class);
        for (Extension extension : EXTENSIONS) {
            if (id(extension) != 0) {
                map.put(extension, id(extension));
            }
        }
        return map;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ExtensionIds that && Arrays.equals(ids, that.ids);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(ids);
    }

    @Override
    public String toString() {
        return asMap().toString();
    }
}
