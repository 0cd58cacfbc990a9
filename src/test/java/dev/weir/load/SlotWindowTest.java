package dev.weir.load;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class SlotWindowTest {
    private final SlotWindow window = new SlotWindow();

    private void packets(long from, long to) {
        for (long number = from; number <= to; number++) {
            window.onPacket(number);
        }
    }

    @Test
    void countsWhatIsMissingOnlyWhileItIsOpen() {
        packets(100, 120);
        packets(125, 130);
        window.open();
        packets(131, 140);
        packets(143, 150);
        window.close();
        packets(160, 170);
        assertEquals(20, window.expected());
        assertEquals(2, window.lost());
    }

    @Test
    void whatComesLateIsNotLost() {
        packets(1, 10);
        window.open();
        packets(13, 20);
        window.close();
        packets(21, 22);
        packets(11, 12);
        assertEquals(10, window.expected());
        assertEquals(0, window.lost());
    }

    @Test
    void aStreamThatBeginsLaterCountsFromItsFirstPacket() {
        window.open();
        packets(500, 509);
        window.close();
        assertEquals(10, window.expected());
        assertEquals(0, window.lost());
    }

    @Test
    void nothingIsExpectedOfWhatIsNotSent() {
        packets(1, 10);
        window.open();
        window.close();
        assertEquals(0, window.expected());
        assertEquals(0, window.lost());
        SlotWindow never = new SlotWindow();
        never.open();
        never.close();
        never.onPacket(3);
        assertEquals(0, never.expected());
    }
}
