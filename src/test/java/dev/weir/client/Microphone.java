package dev.weir.client;

/** Speaks without a pause: a packet of 20 ms each 20 ms. */
final class Microphone {
    private static final long PACKET_NANOS = 20_000_000;
    private static final int PACKET_UNITS = 960;
    private static final int PAYLOAD_BYTES = 80;

    private final SendingStream stream;
    private final long baseTimestamp;

    private boolean on;
    private long started;
    private long sent;
    private int level = 30;

    Microphone(SendingStream stream, long baseTimestamp) {
        this.stream = stream;
        this.baseTimestamp = baseTimestamp;
    }

    SendingStream stream() {
        return stream;
    }

    void start(long now) {
        on = true;
        started = now;
    }

    /** @param minusDbov how loud the voice is from now on, 127 for silence */
    void level(int minusDbov) {
        level = minusDbov;
    }

    long nextTimeout() {
        return on ? started + sent * PACKET_NANOS : Long.MAX_VALUE;
    }

    void onTimeout(long now) {
        while (now >= nextTimeout()) {
            int octet = level == 127 ? 127 : 0x80 | level;
            stream.send(now, timestamp(nextTimeout()), sent == 0, new byte[PAYLOAD_BYTES], octet);
            sent++;
        }
    }

    /** Of a moment on our clock. */
    long timestamp(long now) {
        return baseTimestamp + (now - started) * PACKET_UNITS / PACKET_NANOS;
    }
}
