package dev.weir.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ImpairmentTest {
    private static final long MILLI = 1_000_000L;

    @Test
    void holdsBackWithinItsBoundsAndInOrder() {
        Impairment path = new Impairment(0, 40, 20, new SplittableRandom(3));
        List<Integer> out = new ArrayList<>();
        long longest = 0;
        for (int ms = 0; ms < 1_000; ms++) {
            if (ms < 900) {
                path.hold(ms * MILLI, Unpooled.buffer().writeInt(ms));
            }
            for (ByteBuf it = path.release(ms * MILLI); it != null; it = path.release(ms * MILLI)) {
                int sent = it.readInt();
                out.add(sent);
                assertTrue(ms - sent >= 40 && ms - sent <= 61, "held for " + (ms - sent));
                longest = Math.max(longest, ms - sent);
                it.release();
            }
        }
        assertEquals(900, out.size());
        assertEquals(out.stream().sorted().toList(), out);
        assertTrue(longest > 50, "it varies");
        assertNull(path.release(Long.MAX_VALUE - 1));
    }

    @Test
    void losesItsShare() {
        Impairment path = new Impairment(0.1, 0, 0, new SplittableRandom(4));
        int lost = 0;
        for (int i = 0; i < 10_000; i++) {
            lost += path.loses() ? 1 : 0;
        }
        assertEquals(1_000, lost, 150);
        assertFalse(path.holdsBack());
    }

    @Test
    void releasesWhatItHoldsWhenItIsOver() {
        Impairment path = new Impairment(0, 40, 0, new SplittableRandom(5));
        ByteBuf held = Unpooled.buffer().writeInt(1);
        path.hold(0, held);
        path.clear();
        assertEquals(0, held.refCnt());
        assertEquals(Long.MAX_VALUE, path.nextTimeout());
    }
}
