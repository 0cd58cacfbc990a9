package dev.weir.room;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.signal.Capabilities;
import dev.weir.signal.ErrorCode;
import dev.weir.signal.Event;
import dev.weir.signal.Identity;
import dev.weir.signal.LeaveReason;
import dev.weir.signal.OwnerAnswer;
import dev.weir.signal.Role;
import dev.weir.signal.RoomCommand;
import dev.weir.signal.RoomOptions;
import dev.weir.signal.RoomReport;
import dev.weir.signal.RoomUpdate;
import dev.weir.signal.ShardId;
import dev.weir.signal.Snapshot;
import dev.weir.signal.Source;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What administrators may do to a room of two who may send. */
class RoomAdministrationTest implements Room.Output {
    private static final long SECOND = 1_000_000_000L;
    private static final RoomTimes TIMES = new RoomTimes(30 * SECOND, 300 * SECOND);

    private final RoomOptions options = withSeats(2, true);
    private final Room room = new Room(0, "meeting", 7, options, new RoomSettings(Instant.EPOCH, new Random(1), TIMES));
    private final List<Event> events = new ArrayList<>();
    private long number;
    private boolean ended;

    @Override
    public void send(RoomUpdate.Envelope update) {
        if (update.update() instanceof RoomUpdate.Happened(var event)) {
            events.add(event);
        }
    }

    @Override
    public void reported(RoomReport report) {}

    @Override
    public void ended(Room which) {
        ended = true;
    }

    @Test
    void whatMayChangeWhilePeopleAreInIsToldToAll() {
        attach();
        join("a", Role.HOST);

        RoomOptions after = withSeats(5, false);
        var answer = assertInstanceOf(OwnerAnswer.Described.class, room.change(options, after, this));

        assertEquals(after, answer.state().options());
        assertEquals(new Event.RoomUpdate(after), events.getLast());
    }

    @Test
    void whatConnectionsWereMadeByChangesOnlyBeforeAnyoneCame() {
        RoomOptions fewer = withCodecs(List.of("VP8"));
        assertInstanceOf(OwnerAnswer.Described.class, room.change(options, fewer, this));
        attach();

        var refused = assertInstanceOf(OwnerAnswer.Refused.class, room.change(fewer, options, this));

        assertEquals(ErrorCode.CONFLICT, refused.code());
        assertEquals(fewer, room.state().options());
    }

    @Test
    void aChangeOfWhatIsNotThereAnyMoreIsRefused() {
        room.change(options, withSeats(5, true), this);

        assertInstanceOf(OwnerAnswer.Stale.class, room.change(options, withSeats(9, true), this));
        assertEquals(5, room.state().options().maxParticipants());
    }

    @Test
    void aLowerLimitLetsTheExcessStayAndNobodyIn() {
        attach();
        join("a", Role.HOST);
        join("b", Role.GUEST);
        room.change(options, withSeats(1, true), this);
        join("c", Role.GUEST);

        assertEquals(2, room.state().members().size());
    }

    @Test
    void whoIsRemovedLeavesForThatReason() {
        attach();
        join("a", Role.HOST);

        assertInstanceOf(OwnerAnswer.Done.class, room.remove("a", this));

        assertEquals(new Event.ParticipantLeave("a", LeaveReason.REMOVED), events.getLast());
        assertEquals(
                ErrorCode.NOT_FOUND,
                assertInstanceOf(OwnerAnswer.Refused.class, room.remove("a", this))
                        .code());
    }

    @Test
    void aViewerGetsASeatToSendFromWhileThereIsOne() {
        attach();
        join("a", Role.HOST);
        join("v", Role.VIEWER);
        join("w", Role.VIEWER);

        assertInstanceOf(OwnerAnswer.Described.class, room.change("v", Role.GUEST, Set.of(), this));
        var refused = assertInstanceOf(OwnerAnswer.Refused.class, room.change("w", Role.GUEST, Set.of(), this));

        assertEquals(ErrorCode.ROOM_FULL, refused.code());
        assertEquals(new OwnerAnswer.Summary(options, 2, 1), room.state().summary());
    }

    @Test
    void muteIsOfTheNamedSourcesAndByTheHost() {
        attach();
        join("a", Role.HOST);
        publish("a", "microphone", Source.MICROPHONE);
        publish("a", "camera", Source.CAMERA);

        room.change("a", null, Set.of(Source.MICROPHONE, Source.SCREEN_AUDIO), this);
        room.change("a", null, Set.of(Source.MICROPHONE, Source.SCREEN_AUDIO), this);

        List<Event> mutes = events.stream()
                .filter(event -> event instanceof Event.TrackMute)
                .toList();
        assertEquals(List.of(new Event.TrackMute("a", "microphone", true, true)), mutes);
    }

    @Test
    void aRoomThatNobodyCameToStaysLongerThanOneThatAllLeft() {
        room.onTimeout(299 * SECOND, this);
        assertFalse(ended);
        attach();
        room.onCommand(300 * SECOND, command(new RoomCommand.Detach()), this);
        room.onTimeout(329 * SECOND, this);
        assertFalse(ended);
        room.onTimeout(330 * SECOND, this);
        assertTrue(ended);
    }

    private void attach() {
        room.onCommand(0, command(new RoomCommand.Attach(options)), this);
    }

    private void join(String id, Role role) {
        Identity identity = new Identity(id, "", role, false);
        room.onCommand(0, command(new RoomCommand.Join(id, identity, id, Capabilities.UNKNOWN, null)), this);
    }

    private void publish(String id, String trackId, Source source) {
        Snapshot.Track track = new Snapshot.Track(id, trackId, source, false, 1, "opus", List.of());
        room.onCommand(0, command(new RoomCommand.Publish(List.of(track))), this);
    }

    private RoomCommand.Envelope command(RoomCommand command) {
        return new RoomCommand.Envelope("meeting", 7, new ShardId("here", 1), ++number, command);
    }

    private static RoomOptions withSeats(int seats, boolean adaptive) {
        RoomOptions it = RoomOptions.defaults("meeting");
        return new RoomOptions(
                it.name(),
                seats,
                it.mode(),
                it.autoSfuThreshold(),
                it.p2pReturnDelayMs(),
                adaptive,
                it.simulcast(),
                it.codecs(),
                it.audioSlots(),
                it.maxViewers(),
                it.waitingRoom(),
                it.locked(),
                it.e2ee());
    }

    private RoomOptions withCodecs(List<String> codecs) {
        return new RoomOptions(
                options.name(),
                options.maxParticipants(),
                options.mode(),
                options.autoSfuThreshold(),
                options.p2pReturnDelayMs(),
                options.adaptiveQuality(),
                options.simulcast(),
                codecs,
                options.audioSlots(),
                options.maxViewers(),
                options.waitingRoom(),
                options.locked(),
                options.e2ee());
    }
}
