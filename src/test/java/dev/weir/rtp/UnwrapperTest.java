package dev.weir.rtp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;

class UnwrapperTest {
    @Test
    void firstSequenceKeepsItsValue() {
        assertEquals(65_535, new SequenceUnwrapper().unwrap(65_535));
        assertEquals(0, new SequenceUnwrapper().unwrap(0));
    }

    @Test
    void countsOnAcrossTheWrapAndBack() {
        SequenceUnwrapper unwrapper = new SequenceUnwrapper();
        unwrapper.unwrap(65_534);

        assertEquals(65_537, unwrapper.unwrap(1));
        assertEquals(65_535, unwrapper.unwrap(65_535));
        assertEquals(65_538, unwrapper.unwrap(2));
    }

    @Test
    void packetFromBeforeTheFirstIsNegative() {
        SequenceUnwrapper unwrapper = new SequenceUnwrapper();
        unwrapper.unwrap(5);

        assertEquals(-6, unwrapper.unwrap(65_530));
        assertEquals(6, unwrapper.unwrap(6));
    }

    @Test
    void peekingMovesNothing() {
        SequenceUnwrapper unwrapper = new SequenceUnwrapper();
        unwrapper.unwrap(0);

        assertEquals(32_767, unwrapper.peek(32_767));
        assertEquals(-32_767, unwrapper.unwrap(32_769));
    }

    @Test
    void followsAnyReorderBelowHalfTheRange() {
        Random random = new Random(1);
        SequenceUnwrapper sequences = new SequenceUnwrapper();
        TimestampUnwrapper timestamps = new TimestampUnwrapper();
        long base = 60_000;
        sequences.unwrap((int) base);
        timestamps.unwrap(base << 16);
        for (int i = 0; i < 100_000; i++) {
            base += random.nextInt(5_000);
            long number = base - random.nextInt(20_000);
            assertEquals(base, sequences.unwrap((int) base & 0xFFFF));
            assertEquals(number, sequences.unwrap((int) number & 0xFFFF));
            assertEquals(base << 16, timestamps.unwrap(base << 16 & 0xFFFF_FFFFL));
            assertEquals(number << 16, timestamps.unwrap(number << 16 & 0xFFFF_FFFFL));
        }
    }

    @Test
    void startsAnewAfterAReset() {
        SequenceUnwrapper unwrapper = new SequenceUnwrapper();
        unwrapper.unwrap(65_535);
        unwrapper.unwrap(3);
        unwrapper.reset();

        assertEquals(40_000, unwrapper.unwrap(40_000));
    }
}
