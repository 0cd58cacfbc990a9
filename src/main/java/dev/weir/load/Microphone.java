package dev.weir.load;

import java.util.random.RandomGenerator;

/** Speaks without a pause: a packet of 20 ms each 20 ms, its level going up and down as a voice's. */
final class Microphone {
    private static final long PACKET_NANOS = 20_000_000;
    private static final int PACKET_UNITS = 960;
    private static final int VOICE_BIT = 0x80;
    private static final int LOUDEST_MINUS_DBOV = 20;
    private static final int RANGE_DB = 20;
    private static final long MAX_LATE_NANOS = 200_000_000;

    private final SendStream stream;
    private final long baseTimestamp;
    private final RandomGenerator random;

    private boolean on;
    private long started;
    private long sent;

    Microphone(SendStream stream, RandomGenerator random) {
        this.stream = stream;
        this.random = random;
        this.baseTimestamp = random.nextInt(1 << 30);
    }

    SendStream stream() {
        return stream;
    }

    void start(long now) {
        on = true;
        started = now + random.nextLong(PACKET_NANOS);
    }

    long nextTimeout() {
        return on ? started + sent * PACKET_NANOS : Long.MAX_VALUE;
    }

    void onTimeout(long now) {
        while (now >= nextTimeout()) {
            if (now - nextTimeout() <= MAX_LATE_NANOS) {
                int level = VOICE_BIT | LOUDEST_MINUS_DBOV + random.nextInt(RANGE_DB);
                stream.send(now, timestamp(nextTimeout()), sent == 0, 0, VoicePayload.BYTES, level);
            }
            sent++;
        }
    }

    /** Of a moment on our clock. */
    long timestamp(long now) {
        return baseTimestamp + (now - started) / 1_000 * PACKET_UNITS / (PACKET_NANOS / 1_000);
    }
}
