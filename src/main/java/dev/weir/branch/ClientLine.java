package dev.weir.branch;

import dev.weir.signal.CloseCode;
import dev.weir.signal.Event;
import dev.weir.signal.LeaveReason;
import dev.weir.signal.ShardAnswer;
import dev.weir.signal.ToSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The line to a participant's client: a socket that may come and go, the numbered events, and the token to come back. */
final class ClientLine {
    private final String sessionId;
    private final BranchSettings settings;
    private final Branch.Output output;
    private final EventLog events = new EventLog();
    private final Absence absence = new Absence();
    private String socketId;
    private String resumeSecret;

    ClientLine(String sessionId, String socketId, BranchSettings settings, Branch.Output output) {
        this.sessionId = sessionId;
        this.socketId = socketId;
        this.settings = settings;
        this.output = output;
    }

    long seq() {
        return events.seq();
    }

    void tell(long now, Event event) {
        List<ToSocket.Letter> letters = new ArrayList<>(1);
        tell(now, event, letters);
        if (!letters.isEmpty()) {
            output.toSockets(letters);
        }
    }

    /** Numbers the event, and adds the letter in which it is to go, if there is a socket. */
    void tell(long now, Event event, List<ToSocket.Letter> letters) {
        ToSocket.Deliver message = events.add(now, event);
        if (!absence.lasts()) {
            letters.add(new ToSocket.Letter(socketId, message));
        }
    }

    /** Who waited is in. What is told him from now on builds on this: who misses it gets a snapshot instead. */
    void admitted(ShardAnswer.Joined joined) {
        if (!absence.lasts()) {
            send(new ToSocket.Admitted(joined.seq(), joined));
        }
    }

    /** A number for an event that is not repeated, nor is any before it. */
    long startOver() {
        return events.startOver();
    }

    /** A new single-use token. */
    String newResumeToken() {
        resumeSecret = settings.newId();
        return resumeToken();
    }

    /** The one that he has. */
    String resumeToken() {
        return settings.shard() + "." + sessionId + "." + resumeSecret;
    }

    /** The session that a token claims to be of; empty where it names none. */
    static String sessionIdIn(String token) {
        String[] parts = token.split("\\.", -1);
        return parts.length == 3 ? parts[1] : "";
    }

    boolean redeems(String token) {
        return resumeSecret != null && token.equals(resumeToken());
    }

    /** A new socket takes over. The one before, if it still is there, is told so. */
    void takeOver(String newSocketId) {
        close(CloseCode.REPLACED, "replaced");
        socketId = newSocketId;
        absence.end();
    }

    /** Closes the socket from our side; the time in which he may come back begins. */
    void hangUp(long now, CloseCode code, String reason) {
        close(code, reason);
        absence.begin(now, true);
    }

    private void close(CloseCode code, String reason) {
        if (!absence.lasts()) {
            send(new ToSocket.Close(code, reason));
        }
    }

    private void send(ToSocket message) {
        output.toSockets(List.of(new ToSocket.Letter(socketId, message)));
    }

    boolean reachesBackTo(long seen) {
        return events.reachesBackTo(seen);
    }

    void repeatAfter(long seen) {
        List<ToSocket.Letter> missed = events.after(seen).stream()
                .map(message -> new ToSocket.Letter(socketId, message))
                .toList();
        if (!missed.isEmpty()) {
            output.toSockets(missed);
        }
    }

    /** @return false when it is not his any more */
    boolean socketGone(long now, String closedSocketId, boolean properly) {
        if (absence.lasts() || !closedSocketId.equals(socketId)) {
            return false;
        }
        absence.begin(now, properly);
        return true;
    }

    Optional<LeaveReason> departure(long now, long lastMedia) {
        return absence.departure(now, lastMedia);
    }

    /** Whether there is no socket now. */
    boolean broken() {
        return absence.lasts();
    }

    boolean takeLost(long now) {
        return absence.takeLost(now);
    }

    /** Whether it is too late to come back. */
    boolean over(long now) {
        return absence.over(now);
    }
}
