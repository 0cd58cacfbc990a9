package dev.weir.signal;

import java.util.List;

/**
 * A room as its owner knows it.
 *
 * @param members in the order of joining
 * @param shards those that hold a branch of it
 */
public record RoomState(
        RoomOptions options, List<Snapshot.Member> members, List<Snapshot.Track> tracks, List<ShardId> shards) {
    public RoomState {
        members = List.copyOf(members);
        tracks = List.copyOf(tracks);
        shards = List.copyOf(shards);
    }

    public OwnerAnswer.Summary summary() {
        int senders =
                (int) members.stream().filter(member -> member.role().maySend()).count();
        return new OwnerAnswer.Summary(options, senders, members.size() - senders);
    }
}
