package dev.weir.cluster;

import dev.weir.signal.Role;

/** Somebody who wants into a room, by what his shard will have to do for him. */
public enum Newcomer {
    /** May publish. */
    SENDER,
    VIEWER;

    public static Newcomer of(Role role) {
        return role.maySend() ? SENDER : VIEWER;
    }
}
