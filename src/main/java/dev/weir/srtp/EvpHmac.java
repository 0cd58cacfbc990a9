package dev.weir.srtp;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;

/**
 * HMAC-SHA1 (RFC 2104) whose two padded keys are hashed once: each packet starts from copies of their states. The one
 * owner of the contexts in native memory. Measured against EVP_MAC: 703 to 748 ns for 1,100 bytes on OpenSSL 3.0.
 */
final class EvpHmac implements AutoCloseable {
    static final int MAC_BYTES = 20;

    private static final int BLOCK_BYTES = 64;
    private static final byte INNER_PAD = 0x36;
    private static final byte OUTER_PAD = 0x5c;

    private final long inner;
    private final long outer;
    private final long working;
    private boolean closed;

    EvpHmac(byte[] key) {
        inner = padded(key, INNER_PAD);
        outer = padded(key, OUTER_PAD);
        working = Evp.newDigestContext();
    }

    private static long padded(byte[] key, byte pad) {
        long context = Evp.newDigestContext();
        Evp.initDigest(context, Evp.sha1());
        try (Arena arena = Arena.ofConfined()) {
            var block = arena.allocate(BLOCK_BYTES);
            for (int i = 0; i < BLOCK_BYTES; i++) {
                block.set(ValueLayout.JAVA_BYTE, i, (byte) (pad ^ (i < key.length ? key[i] : 0)));
            }
            Evp.updateDigest(context, block.address(), BLOCK_BYTES);
            block.fill((byte) 0);
        }
        return context;
    }

    void begin() {
        if (closed) {
            throw new IllegalStateException("a MAC is used after its close");
        }
        Evp.copyDigest(working, inner);
    }

    /** Only between begin and finish. */
    void update(long address, int bytes) {
        Evp.updateDigest(working, address, bytes);
    }

    /** Writes {@link #MAC_BYTES}. */
    void finish(long mac) {
        Evp.finishDigest(working, mac);
        Evp.copyDigest(working, outer);
        Evp.updateDigest(working, mac, MAC_BYTES);
        Evp.finishDigest(working, mac);
    }

    @Override
    public void close() {
        if (closed) {
            throw new IllegalStateException("a MAC is closed twice");
        }
        closed = true;
        Evp.freeDigestContext(inner);
        Evp.freeDigestContext(outer);
        Evp.freeDigestContext(working);
    }
}
