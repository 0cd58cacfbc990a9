package dev.weir.signal;

import java.util.List;

/** From a session to its socket. */
public sealed interface ToSocket {

    /** @param seq the event's number in its session */
    record Deliver(long seq, Event event) implements ToSocket {}

    /** Who waited is in: the whole answer to his join, as the event of that number. */
    record Admitted(long seq, ShardAnswer.Joined joined) implements ToSocket {}

    record Close(CloseCode code, String reason) implements ToSocket {}

    record Letter(String socketId, ToSocket message) {}

    /** What goes to sockets of one event loop together, in this order. */
    record Post(List<Letter> letters) {
        public Post {
            letters = List.copyOf(letters);
        }
    }
}
