package dev.weir.web;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.POJONode;
import com.fasterxml.jackson.databind.util.RawValue;
import dev.weir.signal.Event;
import dev.weir.signal.Snapshot;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What many clients are told, written once: an event's text but for the number that each session's copy has, and of a
 * snapshot each participant and each track. So what a join costs does not grow with the texts of all who are there, only
 * with their bytes. Owned by one event loop.
 */
final class SharedTexts {
    /** Participants and tracks that are kept, those of the last snapshots; a few megabytes when it is full. */
    private static final int MAX_PARTS = 16_384;

    private final WebMetrics metrics;
    /** By value: what changed of a participant makes him another record. */
    private final Map<Record, String> parts = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Record, String> eldest) {
            return size() > MAX_PARTS;
        }
    };

    /** The event that was written last: its copies for all sockets of a loop come one after the other. */
    private Event written;

    private String head;
    private String tail;

    SharedTexts(WebMetrics metrics) {
        this.metrics = metrics;
    }

    /** The event as a session's message of that number. */
    String event(long seq, Event event) {
        if (event != written) {
            String fields = SignalJson.event(event).toString();
            head = "{\"type\":\"" + event.type() + "\",\"seq\":";
            tail = fields.equals("{}") ? "}" : "," + fields.substring(1);
            written = event;
            metrics.eventWritten();
        }
        return head + seq + tail;
    }

    /** A snapshot whose participants and tracks are texts already. */
    ObjectNode snapshot(Snapshot snapshot) {
        ObjectNode fields = SignalJson.tree(snapshot.withoutPeople());
        fields.set("participants", list(snapshot.participants()));
        fields.set("tracks", list(snapshot.tracks()));
        return fields;
    }

    private POJONode list(List<? extends Record> records) {
        StringBuilder list = new StringBuilder("[");
        for (Record record : records) {
            list.append(list.length() > 1 ? "," : "").append(parts.computeIfAbsent(record, this::write));
        }
        return new POJONode(new RawValue(list.append(']').toString()));
    }

    private String write(Record part) {
        metrics.partWritten();
        try {
            return SignalJson.MAPPER.writeValueAsString(part);
        } catch (JsonProcessingException never) {
            throw new UncheckedIOException(never);
        }
    }
}
