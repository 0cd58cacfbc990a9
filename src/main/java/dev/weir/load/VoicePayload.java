package dev.weir.load;

import io.netty.buffer.ByteBuf;

/** As large as Opus makes 20 ms at 32 kbit/s, with a configuration byte that says so (RFC 6716 section 3.1). */
record VoicePayload(int run) implements Payload {
    static final int BYTES = 80;

    /** Configuration 31, CELT fullband of 20 ms; one frame, mono. */
    private static final int OPUS_TOC = 31 << 3;

    @Override
    public void write(ByteBuf out, int bits, int bytes, long sentAt) {
        out.writeByte(OPUS_TOC).writeZero(bytes - 1 - Stamp.BYTES);
        Stamp.write(out, run, sentAt);
    }
}
