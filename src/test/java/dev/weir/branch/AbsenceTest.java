package dev.weir.branch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.signal.LeaveReason;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** PROTOCOL, "Leaving abruptly", line by line. The socket goes at 100 s. */
class AbsenceTest {
    private static final Optional<LeaveReason> STAYS = Optional.empty();

    private final Absence absence = new Absence();

    @Test
    void aBrokenSocketIsToldOnceAndWithinThreeSeconds() {
        absence.begin(seconds(100), false);

        assertFalse(absence.takeLost(seconds(100.9)));
        assertTrue(absence.takeLost(seconds(101)));
        assertFalse(absence.takeLost(seconds(102)));
    }

    @Test
    void aSocketThatClosedWhileMediaFlowsIsToldWithinThreeSeconds() {
        absence.begin(seconds(100), true);

        assertFalse(absence.takeLost(seconds(101)));
        assertTrue(absence.takeLost(seconds(102.9)));
    }

    @Test
    void aBrokenSocketAndEightSecondsOfSilenceMeanLost() {
        absence.begin(seconds(100), false);

        assertEquals(STAYS, absence.departure(seconds(107.9), seconds(100)));
        assertEquals(Optional.of(LeaveReason.LOST), absence.departure(seconds(108), seconds(100)));
    }

    @Test
    void silenceFromBeforeTheSocketBrokeGivesEightSecondsAllTheSame() {
        absence.begin(seconds(100), false);

        assertEquals(STAYS, absence.departure(seconds(107.9), seconds(50)));
        assertEquals(Optional.of(LeaveReason.LOST), absence.departure(seconds(108), seconds(50)));
    }

    @Test
    void silenceCountsFromTheLastPacket() {
        absence.begin(seconds(100), false);

        assertEquals(STAYS, absence.departure(seconds(112), seconds(104.1)));
        assertEquals(Optional.of(LeaveReason.LOST), absence.departure(seconds(112), seconds(104)));
    }

    @Test
    void aSocketThatClosedAndTwoSecondsOfSilenceMeanLeft() {
        absence.begin(seconds(100), true);

        assertEquals(STAYS, absence.departure(seconds(101.9), seconds(100)));
        assertEquals(Optional.of(LeaveReason.LEFT), absence.departure(seconds(102), seconds(100)));
    }

    @Test
    void mediaAloneKeepsHimInForThirtySeconds() {
        for (boolean properly : new boolean[] {true, false}) {
            absence.begin(seconds(100), properly);

            assertEquals(STAYS, absence.departure(seconds(129.9), seconds(129.9)));
            assertTrue(absence.departure(seconds(130), seconds(130)).isPresent());
        }
    }

    @Test
    void whoIsBackStays() {
        absence.begin(seconds(100), false);
        absence.end();

        assertEquals(STAYS, absence.departure(seconds(150), seconds(100)));
        assertFalse(absence.takeLost(seconds(150)));
        assertFalse(absence.lasts());
    }

    @Test
    void theWayBackIsOpenForThirtySeconds() {
        absence.begin(seconds(100), true);

        assertFalse(absence.over(seconds(129.9)));
        assertTrue(absence.over(seconds(130)));
    }

    private static long seconds(double seconds) {
        return Math.round(seconds * 1e9);
    }
}
