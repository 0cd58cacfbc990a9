package dev.weir.signal;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What was said in writing, in each breakout room by itself: the last messages, for those who come late. */
final class Chats {
    static final int KEPT = 100;

    private final Map<String, Deque<Snapshot.ChatMessage>> byBreakout = new LinkedHashMap<>();

    void add(String breakout, Snapshot.ChatMessage message) {
        Deque<Snapshot.ChatMessage> said = byBreakout.computeIfAbsent(breakout, _ -> new ArrayDeque<>());
        said.addLast(message);
        if (said.size() > KEPT) {
            said.removeFirst();
        }
    }

    List<Snapshot.ChatMessage> in(String breakout) {
        return List.copyOf(byBreakout.getOrDefault(breakout, new ArrayDeque<>()));
    }

    /** The breakout rooms are closed, and what was said in them is forgotten. */
    void keepOnly(String breakout) {
        byBreakout.keySet().retainAll(List.of(breakout));
    }

    Map<String, List<Snapshot.ChatMessage>> all() {
        Map<String, List<Snapshot.ChatMessage>> all = new LinkedHashMap<>();
        byBreakout.keySet().forEach(breakout -> all.put(breakout, in(breakout)));
        return all;
    }

    void reset(Map<String, List<Snapshot.ChatMessage>> all) {
        byBreakout.clear();
        all.forEach((breakout, said) -> byBreakout.put(breakout, new ArrayDeque<>(said)));
    }
}
