package dev.weir.branch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.weir.media.StoreBudget;
import dev.weir.media.Track;
import dev.weir.signal.Event;
import dev.weir.signal.Roster;
import dev.weir.signal.Snapshot;
import dev.weir.signal.Source;
import java.util.List;
import org.junit.jupiter.api.Test;

class StageTest {
    private final Stage stage = new Stage(2);
    private final Roster roster = new Roster();

    private Track publish(String participantId, Source source) {
        Track track = new Track(
                participantId + "/" + source.word(),
                participantId,
                source.kind(),
                1,
                List.of(new Track.LayerPlan("", 0, 0)),
                (_, _) -> {},
                new StoreBudget(0));
        stage.add(track, source, Snapshot.Member.MAIN);
        roster.apply(new Event.TrackPublish(
                new Snapshot.Track(participantId, track.trackId(), source, false, 1, "opus", List.of())));
        return track;
    }

    @Test
    void letsEveryoneHearTheOthersButNeverHimself() {
        Track ada = publish("ada", Source.MICROPHONE);
        Track ben = publish("ben", Source.MICROPHONE);
        Track cy = publish("cy", Source.MICROPHONE);

        assertEquals(List.of(ben, cy), stage.heardBy("ada", List.of(), roster));
        assertEquals(List.of(ada, cy), stage.heardBy("ben", List.of(), roster));
        assertEquals(List.of(ada, ben), stage.heardBy("viewer", List.of(), roster));
    }

    @Test
    void fillsThePlacesOfThoseWhomOneDoesNotWant() {
        publish("ada", Source.MICROPHONE);
        publish("ben", Source.MICROPHONE);
        Track cy = publish("cy", Source.MICROPHONE);
        Track dee = publish("dee", Source.MICROPHONE);

        assertEquals(List.of(cy, dee), stage.heardBy("viewer", List.of("ada", "ben"), roster));
    }

    @Test
    void keepsTheSoundOfAScreenApartFromVoices() {
        Track ada = publish("ada", Source.MICROPHONE);
        Track screen = publish("ada", Source.SCREEN_AUDIO);

        assertEquals(List.of(ada), stage.heardBy("ben", List.of(), roster));
        assertEquals(screen, stage.screenHeardBy("ben", List.of(), roster));
        assertNull(stage.screenHeardBy("ada", List.of(), roster));
        assertNull(stage.screenHeardBy("ben", List.of("ada"), roster));
    }
}
