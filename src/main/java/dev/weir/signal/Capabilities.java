package dev.weir.signal;

import java.util.List;

/**
 * What a client says of itself when it joins. Everything is optional on the wire; missing parts are these defaults.
 *
 * @param codecs video codecs that it can decode; empty: not said
 * @param maxDecode the most that it decodes, all zero: not said
 */
public record Capabilities(List<String> codecs, Slots slots, MaxDecode maxDecode, String sdk) {
    public static final Capabilities UNKNOWN = new Capabilities(List.of(), new Slots(0, 0), new MaxDecode(0, 0, 0), "");

    public Capabilities {
        codecs = List.copyOf(codecs);
    }

    public record Slots(int audio, int video) {}

    public record MaxDecode(int width, int height, int streams) {}
}
