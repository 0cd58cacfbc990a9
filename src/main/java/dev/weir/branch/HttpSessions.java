package dev.weir.branch;

import dev.weir.rtp.MediaKind;
import dev.weir.sdp.MediaAnswer;
import dev.weir.sdp.MediaOffer;
import dev.weir.signal.ErrorCode;
import dev.weir.signal.HttpRequest;
import dev.weir.signal.LeaveReason;
import dev.weir.signal.ShardAnswer;
import dev.weir.signal.ShardRequest;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The sessions of WHIP and WHEP clients: participants like all, but that nobody keeps a socket to them. */
final class HttpSessions {
    private static final ShardAnswer GONE =
            new ShardAnswer.Refused(ErrorCode.NOT_FOUND, "There is no such session, or not any more.");

    private final Branch branch;

    HttpSessions(Branch branch) {
        this.branch = branch;
    }

    /** From now on the session lives by its media. */
    ShardAnswer liveByMedia(long now, Session session, ShardRequest.LiveByMedia how) {
        if (!session.in()) {
            return GONE;
        }
        long expiry = how.goodForMs() == Long.MAX_VALUE
                ? Long.MAX_VALUE
                : now + TimeUnit.MILLISECONDS.toNanos(Math.max(0, how.goodForMs()));
        Optional<Focus> focus =
                switch (how.use()) {
                    case WHIP -> Optional.empty();
                    case WHEP -> Optional.of(new Focus(Optional.ofNullable(how.participantId())));
                };
        session.liveByMedia(new MediaPresence(now, how.use(), focus, expiry));
        return new ShardAnswer.Done();
    }

    /** What its client asks. One that is over, and one that has a socket, is none. */
    ShardAnswer ask(long now, Session session, ShardRequest.OfHttp ask) {
        boolean known = session.in()
                && session.presence().filter(it -> it.use() == ask.use()).isPresent()
                && branch.place().room().equals(ask.room());
        if (!known) {
            return GONE;
        }
        return switch (ask.request()) {
            case HttpRequest.Leave _ -> {
                branch.departures().leave(now, session, LeaveReason.LEFT);
                yield new ShardAnswer.Done();
            }
            case HttpRequest.Ice ice -> session.peer() == null ? GONE : ice(session, ice);
        };
    }

    private ShardAnswer ice(Session session, HttpRequest.Ice ice) {
        String current = session.peer().localUfrag();
        if (!ice.condition().equals(HttpRequest.ANY_ICE) && !ice.condition().equals(current)) {
            return new ShardAnswer.OtherIce();
        }
        if (!session.restartIce(ice.ufrag(), ice.pwd())) {
            return new ShardAnswer.Done();
        }
        MediaOffer.Section first = session.lastOffer().sections().getFirst();
        MediaKind kind = first.kind();
        return new ShardAnswer.IceRestarted(answer(session), kind, first.mid());
    }

    /** @return what the text of an answer needs to know of a session */
    MediaAnswer answer(Session session) {
        return new MediaAnswer(
                session.peer().localUfrag(),
                session.peer().localPwd(),
                branch.settings().peers().fingerprint(),
                branch.settings().candidates().get(),
                session.slotAnswers(),
                session.participantId());
    }
}
