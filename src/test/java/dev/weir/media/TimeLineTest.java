package dev.weir.media;

import static dev.weir.media.Scenery.MILLISECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.rtp.Codec;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TimeLineTest {
    private static final long SECOND = 1_000 * MILLISECOND;

    @Test
    void aSlotsLineIsFixed() {
        SlotLine line = new SlotLine(0xffff_fff0L, 90_000);

        assertEquals(0xffff_fff0L, line.timestamp(0));
        assertEquals(0xffff_fff0L + 90_000L * 3_600, line.timestamp(3_600 * SECOND));
        assertEquals(0xffff_fff0L + 3_000, line.timestamp(33_333_334));
    }

    @Test
    void conversionsHoldForTenYears() {
        long tenYears = 315_360_000L * SECOND;

        assertEquals(315_360_000L * 90_000, TimeBase.toUnits(tenYears, 90_000));
        assertEquals(tenYears, TimeBase.toNanos(315_360_000L * 90_000, 90_000));
        assertEquals(-SECOND / 2, TimeBase.toNanos(-45_000, 90_000));
    }

    @Test
    void beforeTheFirstReportTheFastestPacketTellsTheTime() {
        SourceLine line = new SourceLine(new PublisherClock(), 90_000);

        line.onPacket(100 * MILLISECOND, 9_000);
        assertEquals(100 * MILLISECOND, line.serverNanos(9_000));
        line.onPacket(120 * MILLISECOND, 9_000 + 3_600);
        assertEquals(120 * MILLISECOND, line.serverNanos(9_000 + 3_600), "20 ms faster");
        line.onPacket(400 * MILLISECOND, 9_000 + 9_000);

        assertEquals(80 * MILLISECOND, line.serverNanos(9_000), "the slower one changed nothing");
    }

    @Test
    void aReportFarFromTheArrivalsIsNotBelieved() {
        PublisherClock clock = new PublisherClock();
        SourceLine line = new SourceLine(clock, 90_000);
        line.onPacket(10 * SECOND, 90_000);
        clock.onSenderReport(10 * SECOND, 500 * SECOND);

        line.onSenderReport(500 * SECOND, 90_000 + 3_600 * 90_000L);
        assertEquals(10 * SECOND, line.serverNanos(90_000), "an hour off");
        line.onSenderReport(500 * SECOND, 90_000 + 9_000);

        assertEquals(10 * SECOND - 100 * MILLISECOND, line.serverNanos(90_000));
    }

    @Test
    void aReportCountsFromItsTimestampOn() {
        PublisherClock clock = new PublisherClock();
        SourceLine line = new SourceLine(clock, 48_000);
        line.onPacket(10 * SECOND, 48_000);

        clock.onSenderReport(20 * SECOND, 500 * SECOND);
        line.onSenderReport(500 * SECOND, 96_000);

        assertEquals(20 * SECOND, line.serverNanos(96_000));
        assertEquals(19 * SECOND, line.serverNanos(48_000));
        assertEquals(21 * SECOND, line.serverNanos(144_000));
    }

    @Test
    void theFastestReportOfTheLastTwoWindowsSetsThePublishersClock() {
        PublisherClock clock = new PublisherClock();
        assertFalse(clock.known());

        clock.onSenderReport(80 * MILLISECOND, 0);
        clock.onSenderReport(SECOND + 30 * MILLISECOND, SECOND);
        clock.onSenderReport(2 * SECOND + 90 * MILLISECOND, 2 * SECOND);
        assertTrue(clock.known());
        assertEquals(30 * MILLISECOND, clock.offsetNanos());

        clock.onSenderReport(40 * SECOND + 70 * MILLISECOND, 40 * SECOND);
        assertEquals(30 * MILLISECOND, clock.offsetNanos(), "the window before counts");

        clock.onSenderReport(80 * SECOND + 50 * MILLISECOND, 80 * SECOND);
        assertEquals(50 * MILLISECOND, clock.offsetNanos(), "the first window is forgotten");
    }

    @Test
    void aReportMayBeAheadOfTheMediaAndAcrossTheWrap() {
        PublisherClock clock = new PublisherClock();
        ReceiveStream stream = new ReceiveStream(1, 90_000, true, clock);
        stream.onPacket(SECOND, 1, 0xffff_ff00L, 100, false);

        clock.onSenderReport(2 * SECOND, 700 * SECOND);
        stream.onSenderReport(2 * SECOND, 1, 700 * SECOND, 90_000 - 0x100);

        assertEquals(SECOND, stream.serverNanos(0xffff_ff00L));
        stream.onPacket(SECOND + 10 * MILLISECOND, 2, 900 - 0x100, 100, false);
        assertEquals(SECOND + 10 * MILLISECOND, stream.serverNanos(stream.lastTimestamp()));
    }

    /** Sound and picture of one moment differ by no more than rounding; how late both are is the fastest report's delay. */
    @Test
    void soundAndPictureOfOnePublisherStayInStep() {
        for (int seed = 0; seed < 300; seed++) {
            String seeded = "seed " + seed;
            Random random = new Random(seed);
            PublisherClock clock = new PublisherClock();
            Sender audio = new Sender(48_000, random, clock);
            Sender video = new Sender(90_000, random, clock);
            long ntpAtStart = random.nextLong(4_000_000_000L) * SECOND;
            long leastDelay = 10 * MILLISECOND + random.nextInt(50_000_000);
            long end = random.nextInt(20_000) * MILLISECOND + 3 * SECOND;
            for (long at = 0; at <= end; at += 20 * MILLISECOND) {
                audio.packet(at, delay(random, leastDelay));
                video.packet(at, delay(random, leastDelay));
                if (at % SECOND == 0) {
                    audio.report(at, ntpAtStart + at, delay(random, leastDelay));
                    video.report(at, ntpAtStart + at, delay(random, leastDelay));
                }
            }
            for (long at = 0; at <= end; at += 77 * MILLISECOND) {
                long heard = audio.serverNanos(at);
                long seen = video.serverNanos(at);
                assertTrue(Math.abs(heard - seen) <= 70_000, seeded + ": apart by " + (heard - seen) + " ns");
                long late = heard - at;
                assertTrue(late >= leastDelay - 70_000 && late <= leastDelay + 80 * MILLISECOND, seeded + ": " + late);
            }
        }
    }

    @Test
    void aPublishersClockThatRunsFastIsFollowed() {
        PublisherClock clock = new PublisherClock();
        Sender audio = new Sender(48_000, new Random(1), clock);
        double fast = 1 + 100e-6;
        for (long at = 0; at <= 7_200 * SECOND; at += SECOND) {
            long publishers = (long) (at * fast);
            audio.packet(publishers, at - publishers);
            audio.report(publishers, publishers, at + 20 * MILLISECOND - publishers);
        }

        long error = audio.serverNanos((long) (7_200 * SECOND * fast)) - 7_200 * SECOND;
        assertTrue(Math.abs(error) < 30 * MILLISECOND, "after two hours and 720 ms of drift: " + error);
    }

    @Test
    void betweenSwitchesTheOffsetIsConstantWhateverReportsSay() {
        PublisherClock clock = new PublisherClock();
        Track camera = Scenery.camera("camera");
        FakeEncoder encoder = new FakeEncoder(camera.layers().getFirst(), Codec.VP8, 1, 0, clock);
        SentRecorder recorder = new SentRecorder();
        Scenery.forwarder(Scenery.videoSlot(0), recorder).show(0, camera);

        for (int i = 0; i < 100; i++) {
            long now = i * 33 * MILLISECOND;
            encoder.deliverFrame(now, 1);
            clock.onSenderReport(now, 77 * SECOND + now - i * MILLISECOND);
            encoder.stream.onSenderReport(now, 1, 77 * SECOND, encoder.timestampAt(now + i) & 0xffff_ffffL);
        }

        for (int i = 1; i < 100; i++) {
            int step = (int)
                    (recorder.sent.get(i).timestamp() - recorder.sent.getFirst().timestamp());
            assertEquals(i * 2_970, step);
        }
    }

    private static long delay(Random random, long least) {
        return least + (long) (-Math.log(1 - random.nextDouble()) * 15 * MILLISECOND);
    }

    /** A publisher's stream whose clock started at its own time 0, with packets that take their time. */
    private static final class Sender {
        private final int clockRate;
        private final PublisherClock clock;
        private final ReceiveStream stream;
        private final long base;
        private final int firstSequence;
        private int packets;

        Sender(int clockRate, Random random, PublisherClock clock) {
            this.clockRate = clockRate;
            this.clock = clock;
            this.base = 0xffff_ffffL - random.nextInt(2_000_000);
            this.firstSequence = random.nextInt(0x1_0000);
            this.stream = new ReceiveStream(1, clockRate, false, clock);
        }

        void packet(long at, long delay) {
            stream.onPacket(at + delay, firstSequence + packets++ & 0xffff, unwrapped(at) & 0xffff_ffffL, 100, false);
        }

        void report(long at, long ntpNanos, long delay) {
            clock.onSenderReport(at + delay, ntpNanos);
            stream.onSenderReport(at + delay, 1, ntpNanos, unwrapped(at) & 0xffff_ffffL);
        }

        long serverNanos(long at) {
            return stream.serverNanos(unwrapped(at));
        }

        private long unwrapped(long at) {
            return base + at / 1_000 * clockRate / 1_000_000;
        }
    }
}
