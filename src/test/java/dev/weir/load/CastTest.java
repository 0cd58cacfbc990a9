package dev.weir.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class CastTest {
    private static LoadPlan plan(LoadPlan.People people, int talkers, int cameras, int cameraRoomsPercent) {
        return new LoadPlan(
                new LoadPlan.Target(
                        URI.create("http://x"),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        false,
                        OptionalLong.empty()),
                people,
                new LoadPlan.Media(LayerShape.ALL, 1, true, talkers, cameras, cameraRoomsPercent, 9, 180, 3, false),
                LoadPlan.Weather.FAIR,
                new LoadPlan.Course(1, 1, 0, 0, 1, 1));
    }

    @Test
    void participantsDoBothAndOthersOneOfIt() {
        Cast cast = Cast.of(plan(new LoadPlan.People("r", 2, 3, 1, 2, 50), 1, 2, 100));
        assertEquals(8, cast.senders().size());
        assertEquals(4, cast.viewers().size());
        List<Part> room = cast.senders().subList(0, 4);
        assertEquals(
                List.of(3, 3, 0, 0), room.stream().map(it -> it.layers().size()).toList());
        assertEquals(
                List.of(true, false, false, false),
                room.stream().map(Part::talking).toList());
        assertEquals(List.of(9, 9, 9, 0), room.stream().map(Part::videoSlots).toList());
        assertTrue(cast.viewers().stream().allMatch(it -> !it.sends() && it.audioSlots() == 3));
        assertEquals(
                List.of("r-0", "r-1"),
                cast.viewers().stream().map(Part::room).distinct().toList());
    }

    @Test
    void spreadsTheRoomsWithCameras() {
        Cast cast = Cast.of(plan(new LoadPlan.People("r", 1_000, 3, 0, 0, 50), 1, 1, 10));
        List<Part> withCamera =
                cast.senders().stream().filter(it -> !it.layers().isEmpty()).toList();
        assertEquals(100, withCamera.size());
        assertEquals(50, withCamera.stream().filter(it -> it.number() < 1_500).count());
    }

    @Test
    void aSingleRoomHasItsNameAsItIs() {
        assertEquals(
                "r",
                Cast.of(plan(new LoadPlan.People("r", 1, 0, 1, 0, 50), 1, 1, 100))
                        .senders()
                        .getFirst()
                        .room());
    }
}
