package dev.weir.cluster;

import dev.weir.signal.RoomPlace;
import java.util.Optional;

/** What nodes ask each other. */
sealed interface NodeQuestion {

    /** The one that asks has as many rooms as it takes: make this one, if you have room. */
    record MakeRoom(String room) implements NodeQuestion {}

    /** Told within a node only: that one is gone. */
    record Lost(String node) {}

    /** @param place where the room is, whoever made it; empty: no room for it here either */
    record Made(Optional<RoomPlace> place) {}
}
