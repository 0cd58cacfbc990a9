package dev.weir.room;

import dev.weir.signal.Event;
import dev.weir.signal.Roster;
import dev.weir.signal.ShardId;
import dev.weir.signal.Snapshot;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Who has the floor, in the main room and in each breakout room: the loudest of the loudest of all branches. */
final class Floor {
    private final Roster roster;
    /** By shard, then by breakout room. */
    private final Map<ShardId, Map<String, Snapshot.Speaker>> loudest = new LinkedHashMap<>();

    Floor(Roster roster) {
        this.roster = roster;
    }

    /** @param participantId null: nobody speaks there */
    void report(ShardId shard, String breakout, String participantId, double level, Voice voice) {
        Map<String, Snapshot.Speaker> ofShard = loudest.computeIfAbsent(shard, _ -> new LinkedHashMap<>());
        if (participantId == null) {
            ofShard.remove(breakout);
        } else if (roster.whereabouts(participantId).equals(breakout) && roster.member(participantId) != null) {
            ofShard.put(breakout, new Snapshot.Speaker(participantId, level));
        }
        Snapshot.Speaker before = roster.speaker(breakout);
        Snapshot.Speaker best = best(breakout);
        if (!idOf(best).equals(idOf(before))) {
            voice.all(change(breakout, best));
        }
    }

    boolean isSpeaker(String participantId) {
        return participantId.equals(idOf(roster.speaker(roster.whereabouts(participantId))));
    }

    /** Someone is there no more. @param spoke whether he had the floor, which is now the next one's, or nobody's */
    void vacate(String participantId, String breakout, boolean spoke, Voice voice) {
        loudest.values().forEach(ofShard -> ofShard.values()
                .removeIf(speaker -> speaker.participantId().equals(participantId)));
        if (spoke) {
            voice.all(change(breakout, best(breakout)));
        }
    }

    void detach(ShardId shard) {
        loudest.remove(shard);
    }

    /** The breakout rooms are closed. */
    void keepOnly(String breakout) {
        loudest.values().forEach(ofShard -> ofShard.keySet().retainAll(Set.of(breakout)));
    }

    private Snapshot.Speaker best(String breakout) {
        Snapshot.Speaker best = null;
        for (Map<String, Snapshot.Speaker> ofShard : loudest.values()) {
            Snapshot.Speaker speaker = ofShard.get(breakout);
            if (speaker != null && (best == null || speaker.audioLevel() > best.audioLevel())) {
                best = speaker;
            }
        }
        return best;
    }

    private static String idOf(Snapshot.Speaker speaker) {
        return speaker == null ? "" : speaker.participantId();
    }

    private static Event change(String breakout, Snapshot.Speaker speaker) {
        return speaker == null
                ? new Event.SpeakerChange(breakout, null, 0)
                : new Event.SpeakerChange(breakout, speaker.participantId(), speaker.audioLevel());
    }
}
