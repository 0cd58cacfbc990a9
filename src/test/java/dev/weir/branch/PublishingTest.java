package dev.weir.branch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.signal.ErrorCode;
import dev.weir.signal.Event;
import dev.weir.signal.Identity;
import dev.weir.signal.Request;
import dev.weir.signal.Role;
import dev.weir.signal.ShardAnswer;
import dev.weir.signal.Snapshot;
import dev.weir.signal.Source;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PublishingTest {
    private static final String BOBS = "socket of Bob";

    private final Meeting meeting = new Meeting();
    private final ShardAnswer.Joined ada = meeting.join("Ada");
    private final ShardAnswer.Joined bob = meeting.join("Bob");

    @Test
    void anOfferPublishesWhatItDeclares() {
        ShardAnswer.Answered answer = (ShardAnswer.Answered) meeting.offer(ada, Source.MICROPHONE, Source.CAMERA);

        assertEquals(
                List.of("microphone", "camera"),
                answer.tracks().stream().map(ShardAnswer.TrackId::mid).toList());
        Snapshot.Track camera = published().getLast();
        assertEquals(answer.tracks().getLast().trackId(), camera.trackId());
        assertEquals(Source.CAMERA, camera.source());
        assertEquals("VP8", camera.codec());
        assertEquals(List.of("q", "h", "f"), camera.simulcastLayers());
        assertTrue(camera.csrc() > 0 && camera.csrc() < 1L << 32);
        assertEquals(
                List.of(),
                meeting.events("socket of Ada").stream()
                        .filter(Event.TrackPublish.class::isInstance)
                        .toList());
    }

    @Test
    void slotsAreAnsweredFromTheStartAndNeverChange() {
        ShardAnswer.Answered first = (ShardAnswer.Answered) meeting.offer(ada);
        ShardAnswer.Answered second = (ShardAnswer.Answered) meeting.offer(ada, Source.CAMERA);

        assertEquals(6, first.answer().slots().size());
        assertEquals(first.answer().slots(), second.answer().slots());
        Set<Integer> ssrcs = first.answer().slots().stream()
                .flatMap(slot -> Stream.of(slot.ssrc(), slot.rtxSsrc()))
                .filter(ssrc -> ssrc != 0)
                .collect(Collectors.toSet());
        assertEquals(6 + 2, ssrcs.size(), "audio has no retransmission");
        assertEquals(first.answer().iceUfrag(), second.answer().iceUfrag());
    }

    @Test
    void aFurtherOfferKeepsWhatItStillSends() {
        ShardAnswer.Answered first = (ShardAnswer.Answered) meeting.offer(ada, Source.MICROPHONE);

        ShardAnswer.Answered second = (ShardAnswer.Answered) meeting.offer(ada, Source.MICROPHONE, Source.CAMERA);

        assertEquals(first.tracks().getFirst(), second.tracks().getFirst());
        assertEquals(2, published().size());
    }

    @Test
    void whatAnOfferLacksIsUnpublished() {
        ShardAnswer.Answered answer = (ShardAnswer.Answered) meeting.offer(ada, Source.MICROPHONE, Source.CAMERA);

        meeting.offer(ada, Source.MICROPHONE);

        assertEquals(
                new Event.TrackUnpublish(
                        ada.participantId(), answer.tracks().getLast().trackId()),
                meeting.events(BOBS).getLast());
        assertEquals(1, meeting.branch().tracks().size());
    }

    @Test
    void aTrackIsMutedByItsPublisherOnly() {
        ShardAnswer.Answered answer = (ShardAnswer.Answered) meeting.offer(ada, Source.MICROPHONE);
        String trackId = answer.tracks().getFirst().trackId();

        ShardAnswer.Refused refused = (ShardAnswer.Refused) meeting.ask(bob, new Request.Mute(trackId, true));
        assertEquals(ErrorCode.NOT_FOUND, refused.code());
        meeting.ask(ada, new Request.Mute(trackId, true));

        assertEquals(
                new Event.TrackMute(ada.participantId(), trackId, true, false),
                meeting.events(BOBS).getLast());
        assertEquals(
                List.of(),
                meeting.events("socket of Ada").stream()
                        .filter(Event.TrackMute.class::isInstance)
                        .toList());
    }

    @Test
    void aTrackIsTakenBackByRequest() {
        ShardAnswer.Answered answer = (ShardAnswer.Answered) meeting.offer(ada, Source.MICROPHONE);
        String trackId = answer.tracks().getFirst().trackId();

        assertEquals(new ShardAnswer.Done(), meeting.ask(ada, new Request.Unpublish(trackId)));

        assertEquals(
                new Event.TrackUnpublish(ada.participantId(), trackId),
                meeting.events(BOBS).getLast());
        assertEquals(
                ErrorCode.NOT_FOUND, ((ShardAnswer.Refused) meeting.ask(ada, new Request.Unpublish(trackId))).code());
    }

    @Test
    void aViewerMayNotPublish() {
        List<ShardAnswer> answers =
                meeting.ask("socket of Vic", "Vic", new Identity("vic", "", Role.VIEWER, false), null);
        meeting.settle();
        ShardAnswer.Joined viewer = (ShardAnswer.Joined) answers.getFirst();

        ShardAnswer.Refused refused = (ShardAnswer.Refused) meeting.offer(viewer, Source.CAMERA);

        assertEquals(ErrorCode.FORBIDDEN, refused.code());
        assertTrue(meeting.offer(viewer) instanceof ShardAnswer.Answered, "slots alone he may have");
    }

    @Test
    void aNewcomersSnapshotHasWhatIsPublished() {
        meeting.offer(ada, Source.MICROPHONE, Source.CAMERA);

        ShardAnswer.Joined cid = meeting.join("Cid");

        assertEquals(2, cid.snapshot().tracks().size());
        assertEquals(3, cid.snapshot().participants().size());
    }

    private List<Snapshot.Track> published() {
        return meeting.events(BOBS).stream()
                .filter(Event.TrackPublish.class::isInstance)
                .map(event -> ((Event.TrackPublish) event).track())
                .toList();
    }
}
