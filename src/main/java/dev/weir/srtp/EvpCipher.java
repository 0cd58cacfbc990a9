package dev.weir.srtp;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;

/** The one owner of a cipher context in native memory, which keeps its key schedule from packet to packet. */
final class EvpCipher implements AutoCloseable {
    private long context;

    /** @param cipher one of {@link Evp} */
    EvpCipher(long cipher, byte[] key) {
        context = Evp.newCipherContext();
        try (Arena arena = Arena.ofConfined()) {
            var copy = arena.allocateFrom(ValueLayout.JAVA_BYTE, key);
            Evp.initCipher(context, cipher, copy.address(), 0, true);
            copy.fill((byte) 0);
        }
    }

    /** For one call; throws when it is freed. */
    long context() {
        if (context == 0) {
            throw new IllegalStateException("a cipher is used after its close");
        }
        return context;
    }

    @Override
    public void close() {
        Evp.freeCipherContext(context());
        context = 0;
    }
}
