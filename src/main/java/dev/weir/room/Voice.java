package dev.weir.room;

import dev.weir.signal.Event;
import dev.weir.signal.RoomReport;

/** How the parts of a room make known what happened. */
interface Voice {
    /** Changes the roster and goes to every branch, in one order. */
    void all(Event event);

    /** Goes to one participant. */
    void one(String participantId, Event event);

    /** Goes to who watches rooms from outside. */
    void outside(RoomReport.What what);
}
