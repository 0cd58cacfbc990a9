package dev.weir.signal;

/** From a session to its socket. */
public sealed interface ToSocket {

    /** @param seq the event's number in its session */
    record Deliver(long seq, Event event) implements ToSocket {}

    /** Who waited is in: the whole answer to his join, as the event of that number. */
    record Admitted(long seq, ShardAnswer.Joined joined) implements ToSocket {}

    record Close(CloseCode code, String reason) implements ToSocket {}
}
