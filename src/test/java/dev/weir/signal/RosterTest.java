package dev.weir.signal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RosterTest {
    private final Roster roster = new Roster();

    @Test
    void membersAndTracksKeepTheirOrder() {
        join("b");
        join("a");
        publish("a", "2");
        publish("b", "1");

        assertEquals(
                List.of("b", "a"),
                roster.members().stream().map(Snapshot.Member::participantId).toList());
        assertEquals(
                List.of("2", "1"),
                roster.tracks().stream().map(Snapshot.Track::trackId).toList());
        assertEquals(1, roster.tracksOf("a").size());
    }

    @Test
    void whoLeavesTakesTracksAndFloorAlong() {
        join("a");
        publish("a", "1");
        roster.apply(new Event.SpeakerChange(Snapshot.Member.MAIN, "a", 0.5));

        roster.apply(new Event.ParticipantLeave("a", LeaveReason.LEFT));

        assertTrue(roster.isEmpty());
        assertEquals(List.of(), roster.tracks());
        assertNull(roster.speaker(Snapshot.Member.MAIN));
    }

    @Test
    void anUpdateChangesOnlyWhatItNames() {
        join("a");

        roster.apply(new Event.ParticipantUpdate("a", Role.COHOST, null, null, null));
        roster.apply(new Event.ParticipantUpdate("a", null, true, null, null));
        roster.apply(new Event.ParticipantUpdate("a", null, null, Snapshot.Member.LOST, null));

        assertEquals(
                new Snapshot.Member("a", "A", Role.COHOST, Capabilities.UNKNOWN, true, Snapshot.Member.LOST, null),
                roster.member("a"));
    }

    @Test
    void whatIsSaidOfTheUnknownChangesNothing() {
        roster.apply(new Event.ParticipantUpdate("a", Role.HOST, null, null, null));
        roster.apply(new Event.TrackMute("a", "1", true, false));
        roster.apply(new Event.TrackUnpublish("a", "1"));
        roster.apply(new Event.ParticipantLeave("a", LeaveReason.LOST));

        assertTrue(roster.isEmpty());
        assertNull(roster.track("1"));
    }

    @Test
    void aReplicaThatStartsInTheMiddleEndsUpTheSame() {
        for (int seed = 0; seed < 100; seed++) {
            Random random = new Random(seed);
            Roster owner = new Roster();
            Roster replica = new Roster();
            List<Event> after = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                Event event = anyEvent(random);
                owner.apply(event);
                if (i == 100) {
                    replica.reset(owner.state());
                } else if (i > 100) {
                    after.add(event);
                }
            }
            after.forEach(replica::apply);

            assertEquals(owner.state(), replica.state(), "seed " + seed);
        }
    }

    private static Event anyEvent(Random random) {
        String who = "participant " + random.nextInt(5);
        String track = "track " + random.nextInt(8);
        String breakout = random.nextBoolean() ? Snapshot.Member.MAIN : "one";
        return switch (random.nextInt(14)) {
            case 0 -> new Event.ParticipantJoin(who, "", Role.GUEST, Capabilities.UNKNOWN);
            case 1 -> new Event.ParticipantLeave(who, LeaveReason.LEFT);
            case 2 -> new Event.ParticipantUpdate(who, null, random.nextBoolean(), null, null);
            case 3 -> new Event.TrackPublish(track(who, track));
            case 4 -> new Event.TrackUnpublish(who, track);
            case 5 -> new Event.TrackMute(who, track, random.nextBoolean(), random.nextBoolean());
            case 6 -> new Event.WaitingRequest(who, "");
            case 7 -> new Event.WaitingLeave(who);
            case 8, 9 ->
                new Event.Chat(breakout, new Snapshot.ChatMessage("c" + random.nextInt(), who, "", "hello", ""));
            case 10 -> new Event.BreakoutOpened(new Snapshot.Breakouts(List.of(), null));
            case 11 -> new Event.ParticipantUpdate(who, null, null, null, breakout);
            case 12 ->
                random.nextInt(5) == 0
                        ? new Event.BreakoutClosed()
                        : new Event.ParticipantUpdate(who, Role.HOST, null, null, null);
            default -> new Event.SpeakerChange(breakout, random.nextBoolean() ? who : null, 0.5);
        };
    }

    private void join(String id) {
        roster.apply(new Event.ParticipantJoin(id, id.toUpperCase(Locale.ROOT), Role.GUEST, Capabilities.UNKNOWN));
    }

    private void publish(String participantId, String trackId) {
        roster.apply(new Event.TrackPublish(track(participantId, trackId)));
    }

    private static Snapshot.Track track(String participantId, String trackId) {
        return new Snapshot.Track(participantId, trackId, Source.CAMERA, false, 5, "VP8", List.of());
    }
}
