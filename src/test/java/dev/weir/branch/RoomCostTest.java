package dev.weir.branch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.signal.Event;
import dev.weir.signal.Request;
import dev.weir.signal.ShardAnswer;
import dev.weir.signal.Snapshot;
import dev.weir.signal.Source;
import dev.weir.signal.ToSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What one event costs a branch with many members: one message for all of them. */
class RoomCostTest {
    private final Meeting meeting = new Meeting();

    @ParameterizedTest
    @ValueSource(ints = {2, 50, 100, 200})
    void anEventForAllIsHandedOverOnce(int people) {
        List<ShardAnswer.Joined> all = fill(people - 1);
        meeting.posts.clear();

        ShardAnswer.Joined last = meeting.join("the last");
        assertOnePostFor(people - 1, Event.ParticipantJoin.class);

        meeting.offer(last, Source.MICROPHONE);
        assertOnePostFor(people - 1, Event.TrackPublish.class);

        meeting.ask(last, new Request.Leave());
        meeting.settle();
        assertEquals(2, meeting.posts.size(), "his track and he: " + meeting.posts);
        meeting.posts.forEach(post -> assertEquals(all.size(), post.size()));
    }

    @ParameterizedTest
    @ValueSource(ints = {50, 200})
    void theCopiesDifferInTheirNumbersOnly(int people) {
        fill(people - 1);
        meeting.posts.clear();
        meeting.join("the last");

        List<ToSocket.Deliver> copies = meeting.posts.getFirst().stream()
                .map(letter -> (ToSocket.Deliver) letter.message())
                .toList();
        copies.forEach(copy -> assertSame(copies.getFirst().event(), copy.event()));
        Set<Long> numbers = copies.stream().map(ToSocket.Deliver::seq).collect(Collectors.toSet());
        assertEquals(people - 1, numbers.size(), "who came earlier was told more");
    }

    /** Counted by the roster's words: who shows nothing of it is not asked what he shows. */
    @ParameterizedTest
    @ValueSource(ints = {10, 200})
    void whoShowsNothingOfAnEventIsNotTouchedByIt(int people) {
        List<ShardAnswer.Joined> all = fill(people);
        ShardAnswer.Joined publisher = all.getFirst();
        ShardAnswer.Answered answered = (ShardAnswer.Answered) meeting.offer(publisher, Source.CAMERA);
        String camera = answered.tracks().getFirst().trackId();
        meeting.ask(
                all.getLast(), new Request.View(List.of(new Request.Tile(camera, 320, 180, false)), false, List.of()));

        Touched touched = Touched.by(
                new Event.SpeakerChange(Snapshot.Member.MAIN, publisher.participantId(), 0.5),
                meeting.branch().roster());

        List<String> looking = meeting.branch().inRoom().stream()
                .filter(touched::isShownBy)
                .map(Session::participantId)
                .toList();
        assertEquals(List.of(all.getLast().participantId()), looking);
        assertTrue(!touched.sounds(), "a camera is not heard");
    }

    private List<ShardAnswer.Joined> fill(int people) {
        List<ShardAnswer.Joined> all = new ArrayList<>();
        for (int i = 0; i < people; i++) {
            all.add(meeting.join("member " + i));
        }
        return all;
    }

    private void assertOnePostFor(int listeners, Class<? extends Event> kind) {
        assertEquals(1, meeting.posts.size(), () -> "messages: " + meeting.posts);
        List<ToSocket.Letter> post = meeting.posts.getFirst();
        assertEquals(listeners, post.size());
        post.forEach(letter -> assertTrue(kind.isInstance(((ToSocket.Deliver) letter.message()).event())));
        meeting.posts.clear();
    }
}
