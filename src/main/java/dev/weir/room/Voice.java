package dev.weir.room;

import dev.weir.signal.Event;

/** How the parts of a room make known what happened. */
interface Voice {
    /** Changes the roster and goes to every branch, in one order. */
    void all(Event event);

    /** Goes to one participant. */
    void one(String participantId, Event event);
}
