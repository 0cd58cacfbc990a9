package dev.weir.room;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.signal.Capabilities;
import dev.weir.signal.ErrorCode;
import dev.weir.signal.Event;
import dev.weir.signal.Identity;
import dev.weir.signal.LeaveReason;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** A room of at most three who may send and two who may not, with branches on the shards 1 and 2. */
class RoomTest implements Room.Output {
    private static final long SECOND = 1_000_000_000L;

    private final Room room =
            new Room(0, "meeting", 7, options(), new RoomSettings(Instant.EPOCH, new Random(1), RoomTimes.DEFAULT));
    private final List<RoomUpdate.Envelope> sent = new ArrayList<>();
    private final Map<Integer, Long> numbers = new HashMap<>();
    private boolean ended;

    @Override
    public void send(RoomUpdate.Envelope update) {
        sent.add(update);
    }

    @Override
    public void reported(RoomReport report) {}

    @Override
    public void ended(Room which) {
        ended = true;
    }

    @Test
    void aBranchThatAttachesGetsTheRoomAsItIs() {
        attach(1);
        join(1, "a", null);
        tell(1, new RoomCommand.Publish(List.of(track("a", "camera"))));
        tell(1, new RoomCommand.Loudest(Snapshot.Member.MAIN, "a", 0.5));

        attach(2);

        RoomUpdate.Attached state = (RoomUpdate.Attached) to(2).getFirst();
        assertEquals(options(), state.options());
        assertEquals(
                List.of("a"),
                state.state().members().stream()
                        .map(Snapshot.Member::participantId)
                        .toList());
        assertEquals(List.of(track("a", "camera")), state.state().tracks());
        assertEquals(new Snapshot.Speaker("a", 0.5), state.state().speakers().get(Snapshot.Member.MAIN));
    }

    @Test
    void allBranchesHearOfEverythingInOneOrderAndNumbered() {
        attach(1);
        attach(2);
        join(1, "a", null);
        join(2, "b", null);
        leave(1, "a");

        assertEquals(events(1), events(2));
        assertEquals(4, events(1).size(), "two came, one left, the other is host");
        for (int shard : new int[] {1, 2}) {
            List<Long> given = sent.stream()
                    .filter(update -> update.toShard().index() == shard)
                    .map(RoomUpdate.Envelope::number)
                    .toList();
            assertEquals(LongStream.rangeClosed(1, 5).boxed().toList(), given);
        }
        assertTrue(sent.stream()
                .allMatch(update -> update.epoch() == 7 && update.room().equals("meeting")));
    }

    @Test
    void repeatedAndOvertakenCommandsAreDropped() {
        attach(1);
        join(1, "a", null);
        RoomCommand join = joins("b", null);

        room.onCommand(0, new RoomCommand.Envelope("meeting", 7, new ShardId("here", 1), 9, join), this);
        room.onCommand(0, new RoomCommand.Envelope("meeting", 7, new ShardId("here", 1), 9, join), this);
        room.onCommand(0, new RoomCommand.Envelope("meeting", 7, new ShardId("here", 1), 8, joins("c", null)), this);

        assertEquals(2, events(1).size());
    }

    @Test
    void aBranchThatIsNotAttachedIsNotHeard() {
        join(1, "a", null);

        assertEquals(List.of(), sent);
    }

    @Test
    void inOpenModeTheFirstIsHostAndTheOthersAreGuests() {
        attach(1);
        join(1, "a", null);
        join(1, "b", null);

        assertEquals(List.of(Role.HOST, Role.GUEST), roles());
    }

    @Test
    void aTokensRoleCountsAndSoDoesTheFormerOne() {
        attach(1);
        join(1, "a", Role.COHOST);
        tell(1, new RoomCommand.Join("b", Identity.OPEN, "b", Capabilities.UNKNOWN, Role.HOST));
        join(1, "c", Role.VIEWER);

        assertEquals(List.of(Role.COHOST, Role.HOST, Role.VIEWER), roles());
    }

    @Test
    void sendersAndViewersHaveTheirOwnLimits() {
        attach(1);
        for (String sender : List.of("a", "b", "c", "d")) {
            join(1, sender, Role.GUEST);
        }
        for (String viewer : List.of("u", "v")) {
            join(1, viewer, Role.VIEWER);
        }
        join(1, "w", Role.RECORDER);

        assertEquals(List.of("d", "w"), refused());
        leave(1, "u");
        join(1, "w", Role.RECORDER);
        assertEquals(List.of("d", "w"), refused(), "there is room again");
    }

    @Test
    void onlyTheBranchOfWhoIsRefusedHearsOfIt() {
        attach(1);
        attach(2);
        for (String sender : List.of("a", "b", "c", "d")) {
            join(2, sender, Role.GUEST);
        }

        assertEquals(
                0,
                to(1).stream().filter(RoomUpdate.JoinRefused.class::isInstance).count());
        RoomUpdate.JoinRefused refusal = (RoomUpdate.JoinRefused) to(2).getLast();
        assertEquals(ErrorCode.ROOM_FULL, refusal.code());
    }

    @Test
    void aParticipantPublishesAtMostFourTracks() {
        attach(1);
        join(1, "a", null);
        for (String id : List.of("1", "2", "3", "4", "5")) {
            tell(1, new RoomCommand.Publish(List.of(track("a", id))));
        }

        assertEquals(1 + 4, events(1).size());
    }

    @Test
    void aViewerAndAStrangerPublishNothing() {
        attach(1);
        join(1, "v", Role.VIEWER);

        tell(1, new RoomCommand.Publish(List.of(track("v", "1"), track("stranger", "2"))));

        assertEquals(1, events(1).size());
    }

    @Test
    void tracksAreTakenBackAndMutedByTheirPublisherAndOnlyOnce() {
        attach(1);
        join(1, "a", null);
        join(1, "b", null);
        tell(1, new RoomCommand.Publish(List.of(track("a", "1"))));
        int before = events(1).size();

        tell(1, new RoomCommand.Mute("b", "1", true));
        tell(1, new RoomCommand.Mute("a", "1", false));
        tell(1, new RoomCommand.Unpublish("b", "1"));
        assertEquals(before, events(1).size(), "not his, or not a change");
        tell(1, new RoomCommand.Mute("a", "1", true));
        tell(1, new RoomCommand.Mute("a", "1", true));
        tell(1, new RoomCommand.Unpublish("a", "1"));
        tell(1, new RoomCommand.Unpublish("a", "1"));

        assertEquals(
                List.of(new Event.TrackMute("a", "1", true, false), new Event.TrackUnpublish("a", "1")),
                events(1).subList(before, events(1).size()));
    }

    @Test
    void whoLeavesTakesHisTracksAlongAndLeavesOnce() {
        attach(1);
        join(1, "a", null);
        tell(1, new RoomCommand.Publish(List.of(track("a", "1"))));

        leave(1, "a");
        leave(1, "a");

        assertEquals(3, events(1).size());
        attach(2);
        assertEquals(List.of(), ((RoomUpdate.Attached) to(2).getFirst()).state().tracks());
    }

    @Test
    void theLoudestOfAllBranchesIsTheSpeaker() {
        attach(1);
        attach(2);
        join(1, "a", null);
        join(2, "b", null);
        int before = events(1).size();

        tell(1, new RoomCommand.Loudest(Snapshot.Member.MAIN, "a", 0.3));
        tell(2, new RoomCommand.Loudest(Snapshot.Member.MAIN, "b", 0.2));
        tell(2, new RoomCommand.Loudest(Snapshot.Member.MAIN, "b", 0.4));
        tell(2, new RoomCommand.Loudest(Snapshot.Member.MAIN, null, 0));
        tell(1, new RoomCommand.Loudest(Snapshot.Member.MAIN, null, 0));
        tell(1, new RoomCommand.Loudest(Snapshot.Member.MAIN, null, 0));

        assertEquals(
                List.of(
                        new Event.SpeakerChange(Snapshot.Member.MAIN, "a", 0.3),
                        new Event.SpeakerChange(Snapshot.Member.MAIN, "b", 0.4),
                        new Event.SpeakerChange(Snapshot.Member.MAIN, "a", 0.3),
                        new Event.SpeakerChange(Snapshot.Member.MAIN, null, 0)),
                events(1).subList(before, events(1).size()));
    }

    @Test
    void aSpeakerWhoLeftIsNotTheSpeakerAnyMore() {
        attach(1);
        join(1, "a", null);
        join(1, "b", null);
        tell(1, new RoomCommand.Loudest(Snapshot.Member.MAIN, "a", 0.3));

        leave(1, "a");
        tell(1, new RoomCommand.Loudest(Snapshot.Member.MAIN, "b", 0.1));

        assertEquals(
                new Event.SpeakerChange(Snapshot.Member.MAIN, "b", 0.1),
                events(1).getLast());
    }

    @Test
    void aConnectionsStateIsToldWhenItChanges() {
        attach(1);
        join(1, "a", null);

        tell(1, new RoomCommand.Connection("a", Snapshot.Member.OK));
        tell(1, new RoomCommand.Connection("a", Snapshot.Member.LOST));
        tell(1, new RoomCommand.Connection("a", Snapshot.Member.LOST));

        assertEquals(2, events(1).size());
        assertEquals(
                new Event.ParticipantUpdate("a", null, null, Snapshot.Member.LOST, null),
                events(1).getLast());
    }

    @Test
    void aBranchThatDetachesLosesItsPeople() {
        attach(1);
        attach(2);
        join(1, "a", null);
        join(2, "b", null);

        tell(1, new RoomCommand.Detach());

        assertEquals(
                new Event.ParticipantLeave("a", LeaveReason.LOST), events(2).get(2));
        attach(1);
        RoomUpdate.Attached state = (RoomUpdate.Attached) to(1).getLast();
        assertEquals(
                List.of("b"),
                state.state().members().stream()
                        .map(Snapshot.Member::participantId)
                        .toList());
        assertEquals(1, sent.getLast().number(), "numbers begin anew");
    }

    @Test
    void anEmptyRoomEndsAfterThirtySeconds() {
        assertEquals(300 * SECOND, room.nextTimeout(), "nobody has come yet");
        attach(1);
        assertEquals(Long.MAX_VALUE, room.nextTimeout());
        room.onCommand(100 * SECOND, envelope(1, new RoomCommand.Detach()), this);

        room.onTimeout(130 * SECOND - 1, this);
        assertEquals(false, ended);
        room.onTimeout(130 * SECOND, this);

        assertTrue(ended);
    }

    private void attach(int shard) {
        numbers.put(shard, 0L);
        tell(shard, new RoomCommand.Attach(options()));
    }

    private void join(int shard, String id, Role role) {
        tell(shard, joins(id, role));
    }

    private static RoomCommand joins(String id, Role role) {
        return new RoomCommand.Join(id, new Identity("", "", role, false), id, Capabilities.UNKNOWN, null);
    }

    private void leave(int shard, String id) {
        tell(shard, new RoomCommand.Leave(id, LeaveReason.LEFT));
    }

    private void tell(int shard, RoomCommand command) {
        room.onCommand(0, envelope(shard, command), this);
    }

    private RoomCommand.Envelope envelope(int shard, RoomCommand command) {
        return new RoomCommand.Envelope(
                "meeting", 7, new ShardId("here", shard), numbers.merge(shard, 1L, Long::sum), command);
    }

    private List<RoomUpdate> to(int shard) {
        return sent.stream()
                .filter(update -> update.toShard().index() == shard)
                .map(RoomUpdate.Envelope::update)
                .toList();
    }

    private List<Event> events(int shard) {
        return to(shard).stream()
                .filter(RoomUpdate.Happened.class::isInstance)
                .map(update -> ((RoomUpdate.Happened) update).event())
                .toList();
    }

    private List<Role> roles() {
        return events(1).stream()
                .map(event -> ((Event.ParticipantJoin) event).role())
                .toList();
    }

    private List<String> refused() {
        return to(1).stream()
                .filter(RoomUpdate.JoinRefused.class::isInstance)
                .map(update -> ((RoomUpdate.JoinRefused) update).participantId())
                .toList();
    }

    private static Snapshot.Track track(String participantId, String trackId) {
        return new Snapshot.Track(participantId, trackId, Source.CAMERA, false, 5, "VP8", List.of("q", "h", "f"));
    }

    private static RoomOptions options() {
        RoomOptions defaults = RoomOptions.defaults("meeting");
        return new RoomOptions(
                "meeting",
                3,
                "sfu",
                4,
                5_000,
                true,
                defaults.simulcast(),
                defaults.codecs(),
                3,
                2,
                false,
                false,
                false);
    }
}
