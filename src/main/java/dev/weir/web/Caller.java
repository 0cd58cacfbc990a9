package dev.weir.web;

import dev.weir.signal.Identity;
import dev.weir.signal.Role;
import java.time.Instant;
import java.util.Optional;

/**
 * Who makes a call, and what that lets him do (PROTOCOL section 2).
 *
 * @param room that his token is for, {@code *}: any, empty: none
 * @param expiry of the token; empty in open mode
 * @param admin whether he may do everything
 */
record Caller(Identity identity, String room, Optional<Instant> expiry, boolean admin) {

    static Caller of(Tokens.Verdict.Valid valid) {
        return new Caller(
                valid.identity(),
                valid.room(),
                Optional.of(valid.expiry()),
                valid.identity().admin());
    }

    /** @param local whether he sits at this machine, whose open mode lets him do everything */
    static Caller open(boolean local) {
        return new Caller(Identity.OPEN, Tokens.ANY_ROOM, Optional.empty(), local);
    }

    boolean mayEnter(String name) {
        return room.equals(Tokens.ANY_ROOM) || room.equals(name);
    }

    boolean maySee(String name) {
        return admin || mayEnter(name);
    }

    /** Administrators, and a host in his own room. */
    boolean mayGovern(String name) {
        return admin || identity.role() == Role.HOST && mayEnter(name);
    }
}
