package dev.weir.web;

import dev.weir.signal.ShardAnswer;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * A socket's watch over a session on another node, from where events may be lost on their way: which came last, and
 * which the session says that it has sent. Where one is missing, or the session itself, the socket is given up: its
 * client comes back and is told what it missed.
 */
final class FarSession {
    /** A node that leaves two questions unanswered does not serve anybody. */
    private static final int MOST_UNANSWERED = 2;

    private final Membership member;
    private final Consumer<String> giveUp;
    private long last;
    private OptionalLong promised = OptionalLong.empty();
    private int unanswered;

    /**
     * @param seq of the last event that the answer to the join includes
     * @param giveUp told the reason
     */
    FarSession(Membership member, long seq, Consumer<String> giveUp) {
        this.member = member;
        this.last = seq;
        this.giveUp = giveUp;
    }

    /** An event comes. @return whether it is to be told */
    boolean take(long seq) {
        if (seq <= last) {
            return false;
        }
        if (seq > last + 1) {
            giveUp.accept("events were lost on their way");
            return false;
        }
        last = seq;
        return true;
    }

    /** What comes before that event does not matter any more. */
    void startOver(long seq) {
        last = seq;
    }

    /** Every few seconds: is it there, and did all come that it had said the time before? */
    void watch() {
        if (promised.isPresent() && promised.getAsLong() > last) {
            giveUp.accept("events were lost on their way");
            return;
        }
        member.reach().onComplete(this::onAnswer, _ -> onSilence());
    }

    private void onAnswer(ShardAnswer answer) {
        unanswered = 0;
        if (answer instanceof ShardAnswer.Reached(var seq)) {
            promised = OptionalLong.of(seq);
        } else {
            giveUp.accept("the session is not there any more");
        }
    }

    private void onSilence() {
        if (++unanswered >= MOST_UNANSWERED) {
            giveUp.accept("the session's node does not answer");
        }
    }
}
