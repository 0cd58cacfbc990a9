package dev.weir.cluster;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageCodec;

/** Hands an immutable record over within the process as it is. */
final class RecordCodec implements MessageCodec<Record, Record> {
    static final String NAME = "weir.record";

    @Override
    public void encodeToWire(Buffer buffer, Record message) {
        throw new UnsupportedOperationException("no message leaves the process");
    }

    @Override
    public Record decodeFromWire(int position, Buffer buffer) {
        throw new UnsupportedOperationException("no message enters the process");
    }

    @Override
    public Record transform(Record message) {
        return message;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public byte systemCodecID() {
        return -1;
    }
}
