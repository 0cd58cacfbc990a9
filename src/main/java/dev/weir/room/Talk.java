package dev.weir.room;

import dev.weir.signal.ErrorCode;
import dev.weir.signal.Event;
import dev.weir.signal.Roster;
import dev.weir.signal.ShardAnswer;
import dev.weir.signal.Snapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What people say without their voices: chat, raised hands, reactions; each of these only so often. */
final class Talk {
    static final Allowance.Limit CHATS = new Allowance.Limit(2, 10);
    static final Allowance.Limit HANDS = new Allowance.Limit(1, 5);
    static final Allowance.Limit REACTIONS = new Allowance.Limit(5, 15);

    /** What one participant may still say. */
    private record Allowances(Allowance chats, Allowance hands, Allowance reactions) {
        static Allowances full(long now) {
            return new Allowances(new Allowance(now, CHATS), new Allowance(now, HANDS), new Allowance(now, REACTIONS));
        }
    }

    private static final ShardAnswer DONE = new ShardAnswer.Done();

    private final RoomSettings settings;
    private final Roster roster;
    private final Map<String, Allowances> allowances = new HashMap<>();
    private long lastChat;

    Talk(RoomSettings settings, Roster roster) {
        this.settings = settings;
        this.roster = roster;
    }

    ShardAnswer chat(long now, Snapshot.Member from, String text, Voice voice) {
        if (!of(now, from).chats().take(now)) {
            return tooOften("Chat messages");
        }
        Snapshot.ChatMessage message = new Snapshot.ChatMessage(
                "c" + ++lastChat, from.participantId(), from.displayName(), text, settings.timeOfDay(now));
        voice.all(new Event.Chat(from.whereabouts(), message));
        return DONE;
    }

    ShardAnswer hand(long now, Snapshot.Member from, boolean raised, Voice voice) {
        if (from.handRaised() == raised) {
            return DONE;
        }
        if (!of(now, from).hands().take(now)) {
            return tooOften("Hands");
        }
        String id = from.participantId();
        voice.all(new Event.ParticipantUpdate(id, null, raised, null, null));
        List<String> hands = new ArrayList<>(roster.hands());
        voice.all(new Event.Hand(id, raised, hands));
        return DONE;
    }

    ShardAnswer reaction(long now, Snapshot.Member from, String emoji, Voice voice) {
        if (!of(now, from).reactions().take(now)) {
            return tooOften("Reactions");
        }
        voice.all(new Event.Reaction(from.whereabouts(), from.participantId(), emoji));
        return DONE;
    }

    ShardAnswer broadcast(long now, Snapshot.Member from, String text, Voice voice) {
        if (!of(now, from).chats().take(now)) {
            return tooOften("Messages to all");
        }
        voice.all(new Event.BreakoutMessage(from.participantId(), from.displayName(), text));
        return DONE;
    }

    void left(String participantId) {
        allowances.remove(participantId);
    }

    private Allowances of(long now, Snapshot.Member from) {
        return allowances.computeIfAbsent(from.participantId(), _ -> Allowances.full(now));
    }

    private static ShardAnswer tooOften(String what) {
        return new ShardAnswer.Refused(ErrorCode.RATE_LIMITED, what + " come too fast.");
    }
}
