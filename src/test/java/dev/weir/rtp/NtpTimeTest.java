package dev.weir.rtp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;

class NtpTimeTest {
    private static final long SECOND = 1_000_000_000L;

    @Test
    void halfASecondIsTheTopBitOfTheFraction() {
        assertEquals(0x0000_0003_8000_0000L, NtpTime.ofNanos(3 * SECOND + SECOND / 2));
        assertEquals(3 * SECOND + SECOND / 2, NtpTime.toNanos(0x0000_0003_8000_0000L));
    }

    @Test
    void keepsEveryNanosecond() {
        Random random = new Random(3);
        for (int i = 0; i < 100_000; i++) {
            long nanos = random.nextLong(NtpTime.UNIX_EPOCH_NANOS * 3 / 2);
            assertEquals(nanos, NtpTime.toNanos(NtpTime.ofNanos(nanos)));
        }
    }

    @Test
    void knowsTheUnixEpoch() {
        assertEquals(2_208_988_800L << 32, NtpTime.ofNanos(NtpTime.UNIX_EPOCH_NANOS));
    }

    @Test
    void compactFormIsTheMiddle() {
        assertEquals(0x4567_89abL, NtpTime.compact(0x0123_4567_89ab_cdefL));
        assertEquals(0xffff_89abL, NtpTime.compact(0x0123_ffff_89ab_cdefL));
        assertEquals(65_536 + 16_384, NtpTime.compactOfNanos(1_250_000_000L));
        assertEquals(1_250_000_000L, NtpTime.compactToNanos(65_536 + 16_384));
    }

    @Test
    void absSendTimeWrapsAfterSixtyFourSeconds() {
        assertEquals(1 << 18, NtpTime.absSendTime(SECOND));
        assertEquals(3 << 17, NtpTime.absSendTime(SECOND + SECOND / 2));
        assertEquals(1 << 18, NtpTime.absSendTime(65 * SECOND));
        assertEquals(1 << 17, NtpTime.absSendTime(64 * 1_000_000 * SECOND + SECOND / 2));
    }
}
