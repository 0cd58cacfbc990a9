package dev.weir.load;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WheelTest {
    private final Wheel<String> wheel = new Wheel<>(100);
    private final List<String> due = new ArrayList<>();

    @Test
    void handsOutWhoIsDueAndNobodyElse() {
        wheel.schedule("a", 101);
        wheel.schedule("b", 103);
        wheel.advance(100, due::add);
        assertEquals(List.of(), due);
        wheel.advance(102, due::add);
        assertEquals(List.of("a"), due);
        wheel.advance(110, due::add);
        wheel.advance(200, due::add);
        assertEquals(List.of("a", "b"), due);
    }

    @Test
    void whoIsTooLateOrTooFarComesAllTheSame() {
        wheel.advance(150, due::add);
        wheel.schedule("late", 120);
        wheel.schedule("far", 10_000);
        wheel.advance(151, due::add);
        assertEquals(List.of("late"), due);
        wheel.advance(151 + Wheel.TICKS, due::add);
        assertEquals(List.of("late", "far"), due);
    }

    @Test
    void aLoopThatStoodStillHandsOutEachOnce() {
        wheel.schedule("a", 101);
        wheel.advance(5_000, item -> {
            due.add(item);
            wheel.schedule(item, 5_001);
        });
        assertEquals(List.of("a"), due);
        wheel.advance(5_001, due::add);
        assertEquals(List.of("a", "a"), due);
    }
}
