package dev.weir.load;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.OptionalDouble;

/**
 * What the server said while people came, for each of them; empty where it does not count that.
 *
 * @param told events, one for each who was told
 * @param written texts made for those and for the snapshots: not one for each who gets it
 * @param characters of all that went to WebSockets, snapshots included
 */
record JoinWords(OptionalDouble told, OptionalDouble written, OptionalDouble characters) {
    static JoinWords of(Reading before, Reading after, int connected) {
        return new JoinWords(
                each("weir_events_total", before, after, connected),
                each("weir_texts_written_total", before, after, connected),
                each("weir_signaling_characters_total", before, after, connected));
    }

    private static OptionalDouble each(String name, Reading before, Reading after, int connected) {
        OptionalDouble all = after.metrics().since(before.metrics(), name, "");
        return all.isPresent() && connected > 0
                ? OptionalDouble.of(all.getAsDouble() / connected)
                : OptionalDouble.empty();
    }

    void write(ObjectNode out) {
        LoadResult.put(out, "eventsPerJoin", told);
        LoadResult.put(out, "textsWrittenPerJoin", written);
        LoadResult.put(out, "charactersPerJoin", characters);
    }

    void row(StringBuilder text) {
        if (told.isPresent() && written.isPresent() && characters.isPresent()) {
            LoadResult.row(
                    text,
                    "signaling per join",
                    "%.1f events told, %.1f texts written, %.0f characters sent",
                    told.getAsDouble(),
                    written.getAsDouble(),
                    characters.getAsDouble());
        }
    }
}
