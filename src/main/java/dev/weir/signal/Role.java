package dev.weir.signal;

import java.util.Locale;
import java.util.Optional;

/** A participant's rights in a room (PROTOCOL section 3). */
public enum Role {
    HOST,
    COHOST,
    GUEST,
    VIEWER,
    RECORDER;

    /** As it stands in messages and tokens. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether one in this role may publish tracks, and so counts for {@code maxParticipants}. */
    public boolean maySend() {
        return this != VIEWER && this != RECORDER;
    }

    /** Whether one in this role runs the meeting, as far as the rules of rights let him. */
    public boolean isHosting() {
        return this == HOST || this == COHOST;
    }

    public static Optional<Role> of(String word) {
        for (Role role : values()) {
            if (role.word().equals(word)) {
                return Optional.of(role);
            }
        }
        return Optional.empty();
    }
}
