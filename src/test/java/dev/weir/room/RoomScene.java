package dev.weir.room;

import dev.weir.signal.Capabilities;
import dev.weir.signal.ErrorCode;
import dev.weir.signal.Event;
import dev.weir.signal.Identity;
import dev.weir.signal.LeaveReason;
import dev.weir.signal.Role;
import dev.weir.signal.RoomCommand;
import dev.weir.signal.RoomOptions;
import dev.weir.signal.RoomReport;
import dev.weir.signal.RoomRequest;
import dev.weir.signal.RoomUpdate;
import dev.weir.signal.Roster;
import dev.weir.signal.ShardAnswer;
import dev.weir.signal.ShardId;
import dev.weir.signal.Snapshot;
import dev.weir.signal.Source;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A room alone, with branches that are numbers and lists. People sit on shard 1 unless it is said. */
final class RoomScene implements Room.Output {
    static final long SECOND = 1_000_000_000L;

    final Room room;
    final List<RoomUpdate.Envelope> sent = new ArrayList<>();
    final List<RoomReport> reports = new ArrayList<>();
    long now;
    boolean ended;

    private final RoomOptions options;
    private final Map<Integer, Long> numbers = new HashMap<>();
    private long askId;

    RoomScene() {
        this(RoomOptions.defaults("meeting"));
    }

    RoomScene(RoomOptions options) {
        this.options = options;
        room = new Room(
                0,
                "meeting",
                7,
                options,
                new RoomSettings(Instant.parse("2026-11-01T12:00:00Z"), new Random(1), RoomTimes.DEFAULT));
        attach(1);
    }

    static RoomOptions options(int maxParticipants, boolean waitingRoom) {
        RoomOptions defaults = RoomOptions.defaults("meeting");
        return new RoomOptions(
                "meeting",
                maxParticipants,
                "sfu",
                4,
                5_000,
                true,
                defaults.simulcast(),
                defaults.codecs(),
                3,
                10,
                waitingRoom,
                false,
                false);
    }

    @Override
    public void send(RoomUpdate.Envelope update) {
        sent.add(update);
    }

    @Override
    public void reported(RoomReport report) {
        reports.add(report);
    }

    @Override
    public void ended(Room which) {
        ended = true;
    }

    void attach(int shard) {
        numbers.put(shard, 0L);
        tell(shard, new RoomCommand.Attach(options));
    }

    void join(String id, Role role) {
        tell(1, joining(id, role, null));
    }

    static RoomCommand.Join joining(String id, Role role, Role former) {
        return new RoomCommand.Join(
                id, new Identity("", "", role, false), "name of " + id, Capabilities.UNKNOWN, former);
    }

    /** Comes back within the resume time. */
    void comeBack(String id, Role role, Role former) {
        tell(1, joining(id, role, former));
    }

    void leave(String id, LeaveReason reason) {
        tell(1, new RoomCommand.Leave(id, reason));
    }

    void publish(String id, Source source) {
        tell(1, new RoomCommand.Publish(List.of(track(id, source))));
    }

    static Snapshot.Track track(String id, Source source) {
        return new Snapshot.Track(id, id + "/" + source.word(), source, false, 5, "VP8", List.of());
    }

    ShardAnswer ask(String who, RoomRequest request) {
        tell(1, new RoomCommand.Ask(++askId, who, request));
        return sent.stream()
                .map(RoomUpdate.Envelope::update)
                .filter(RoomUpdate.Answer.class::isInstance)
                .map(RoomUpdate.Answer.class::cast)
                .filter(answer -> answer.askId() == askId)
                .findFirst()
                .orElseThrow()
                .answer();
    }

    /** Null: it was done. */
    ErrorCode refusal(String who, RoomRequest request) {
        return ask(who, request) instanceof ShardAnswer.Refused refused ? refused.code() : null;
    }

    void tell(int shard, RoomCommand command) {
        long number = numbers.merge(shard, 1L, Long::sum);
        room.onCommand(now, new RoomCommand.Envelope("meeting", 7, new ShardId("here", shard), number, command), this);
    }

    void pass(long nanos) {
        now += nanos;
        if (now >= room.nextTimeout()) {
            room.onTimeout(now, this);
        }
    }

    /** What all were told so far. */
    List<Event> events() {
        return sent.stream()
                .filter(update -> update.toShard().index() == 1)
                .map(RoomUpdate.Envelope::update)
                .filter(RoomUpdate.Happened.class::isInstance)
                .map(update -> ((RoomUpdate.Happened) update).event())
                .toList();
    }

    /** What all were told since there were so many events. */
    List<Event> eventsSince(int count) {
        return events().subList(count, events().size());
    }

    /** What one was told alone. */
    List<Event> toldTo(String id) {
        return sent.stream()
                .map(RoomUpdate.Envelope::update)
                .filter(RoomUpdate.Told.class::isInstance)
                .map(RoomUpdate.Told.class::cast)
                .filter(told -> told.participantId().equals(id))
                .map(RoomUpdate.Told::event)
                .toList();
    }

    /** The room as a branch would get it now. */
    Roster.State state() {
        attach(99);
        RoomUpdate.Attached attached = (RoomUpdate.Attached) sent.getLast().update();
        tell(99, new RoomCommand.Detach());
        return attached.state();
    }

    Snapshot.Member member(String id) {
        return state().members().stream()
                .filter(member -> member.participantId().equals(id))
                .findFirst()
                .orElse(null);
    }

    Role role(String id) {
        return member(id).role();
    }
}
