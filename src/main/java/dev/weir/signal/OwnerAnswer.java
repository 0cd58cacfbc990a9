package dev.weir.signal;

import java.util.List;

/** The answer to an {@link OwnerRequest}. */
public sealed interface OwnerAnswer {

    record Listed(List<Summary> rooms) implements OwnerAnswer {
        public Listed {
            rooms = List.copyOf(rooms);
        }
    }

    /** @param count who may send; @param viewers who only receive */
    record Summary(RoomOptions options, int count, int viewers) {}

    /** The room as it is. */
    record Described(RoomState state) implements OwnerAnswer {}

    /** The room did not exist before. */
    record Created(RoomState state) implements OwnerAnswer {}

    record Done() implements OwnerAnswer {}

    /** @param message a sentence for a person */
    record Refused(ErrorCode code, String message) implements OwnerAnswer {}

    /** The options were changed by another meanwhile: look again. */
    record Stale() implements OwnerAnswer {}

    /** The shard does not own that room at that epoch. */
    record NotHere() implements OwnerAnswer {}
}
