package dev.weir.cluster;

import dev.weir.signal.OwnerAnswer;
import dev.weir.signal.OwnerRequest;
import dev.weir.signal.RoomCommand;
import dev.weir.signal.RoomReport;
import dev.weir.signal.RoomUpdate;
import dev.weir.signal.ShardAnswer;
import dev.weir.signal.ShardRequest;
import dev.weir.signal.ToSocket;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageCodec;
import java.util.List;

/** Hands an immutable record over within the process as it is, and in the form of {@link Wire} to another node. */
final class RecordCodec implements MessageCodec<Record, Record> {
    static final String NAME = "weir.record";

    /** All that crosses from node to node; what these consist of follows from them. */
    static final List<Class<?>> TRAVELLERS = List.of(
            ShardRequest.class,
            ShardAnswer.class,
            OwnerRequest.class,
            OwnerAnswer.class,
            RoomCommand.Envelope.class,
            RoomUpdate.Envelope.class,
            ToSocket.Post.class,
            RoomReport.class,
            NodeQuestion.class,
            NodeQuestion.Made.class);

    private static final int LENGTH_BYTES = 4;

    /** In place of what cannot be understood, so that whoever is responsible says so. */
    record Unreadable(String why) {}

    private final Wire wire;

    RecordCodec(Wire wire) {
        this.wire = wire;
    }

    @Override
    public void encodeToWire(Buffer buffer, Record message) {
        byte[] bytes = wire.write(message);
        buffer.appendInt(bytes.length).appendBytes(bytes);
    }

    @Override
    public Record decodeFromWire(int position, Buffer buffer) {
        int start = position + LENGTH_BYTES;
        int length = buffer.length() < start ? -1 : buffer.getInt(position);
        if (length < 0 || length > buffer.length() - start) {
            return new Unreadable("a record that is cut off");
        }
        try {
            return wire.read(buffer.getBytes(start, start + length));
        } catch (WireRefusal refusal) {
            return new Unreadable(refusal.getMessage());
        }
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
