package dev.weir.branch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.signal.ErrorCode;
import dev.weir.signal.Request;
import dev.weir.signal.ShardAnswer;
import org.junit.jupiter.api.Test;

class ReportedQualityTest {
    private static final Request.Quality SLOW = new Request.Quality(true, 40, 5, 0.01, 0.2, 1.7);
    private static final Request.Quality FINE = new Request.Quality(false, 40, 5, 0, 0, 0.4);

    @Test
    void aBrowserKeepsUpUntilItSaysOtherwise() {
        ReportedQuality quality = new ReportedQuality();
        assertFalse(quality.cpuLimited());

        assertTrue(quality.take(0, SLOW));
        assertTrue(quality.cpuLimited());
        assertTrue(quality.take(ReportedQuality.MIN_INTERVAL_NANOS, FINE));
        assertFalse(quality.cpuLimited());
        assertEquals(FINE, quality.last());
    }

    @Test
    void whatComesMoreOftenIsRefusedAndChangesNothing() {
        Meeting meeting = new Meeting();
        ShardAnswer.Joined ada = meeting.join("Ada");
        Session session = meeting.branch().session(ada.sessionId());

        assertEquals(new ShardAnswer.Done(), meeting.ask(ada, SLOW));
        meeting.pass(900);
        ShardAnswer.Refused refused = (ShardAnswer.Refused) meeting.ask(ada, FINE);
        assertEquals(ErrorCode.RATE_LIMITED, refused.code());
        assertTrue(session.quality().cpuLimited());
        meeting.pass(100);
        assertEquals(new ShardAnswer.Done(), meeting.ask(ada, FINE));
        assertFalse(session.quality().cpuLimited());
    }
}
