package dev.weir.signal;

/**
 * Where a room lives: the directory's entry.
 *
 * @param ownerShard the shard with the control machine
 * @param mediaShard the shard where those who join sit
 * @param epoch rises with every change of owner; messages of a lower one are dropped
 */
public record RoomPlace(String room, ShardId ownerShard, ShardId mediaShard, long epoch) {}
