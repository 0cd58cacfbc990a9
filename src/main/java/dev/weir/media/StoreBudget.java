package dev.weir.media;

/** The bytes that all retransmission stores of one shard may take together. Belongs to the shard's loop. */
public final class StoreBudget {
    private final long limitBytes;
    private long takenBytes;

    public StoreBudget(long limitBytes) {
        this.limitBytes = limitBytes;
    }

    boolean take(int bytes) {
        if (takenBytes + bytes > limitBytes) {
            return false;
        }
        takenBytes += bytes;
        return true;
    }

    void give(int bytes) {
        takenBytes -= bytes;
    }

    public long takenBytes() {
        return takenBytes;
    }
}
