package dev.weir.media;

import dev.weir.rtp.Codec;
import dev.weir.rtp.Extension;
import dev.weir.rtp.ExtensionIds;
import dev.weir.rtp.MediaKind;
import dev.weir.rtp.RtpView;
import dev.weir.rtp.RtpWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.Map;

/** A published microphone: makes packets of 20 ms whose payload says which frame they are, and hands them to its layer. */
final class Microphone {
    static final int OPUS = 111;
    static final int RED = 63;
    static final int FRAME_UNITS = 960;

    private static final int LEVEL_ID = 1;
    private static final int FIRST_SEQUENCE = 65_500;
    private static final long FIRST_TIMESTAMP = 4_294_900_000L;

    final Track track;
    private final int ssrc;
    private final ReceiveStream stream;
    private final ByteBuf buffer = Unpooled.buffer();
    private final RtpWriter writer = new RtpWriter();
    private final RtpView view = new RtpView();
    private int sent;

    Microphone(String participantId, int csrc) {
        track = new Track(
                "track of " + participantId,
                participantId,
                MediaKind.AUDIO,
                csrc,
                List.of(new Track.LayerPlan("", 0, 0)),
                (_, _) -> {},
                new StoreBudget(0));
        ssrc = 0x1000 + csrc;
        stream = new ReceiveStream(ssrc, 48_000, false, new PublisherClock());
        track.layers().getFirst().bind(stream, ExtensionIds.of(Map.of(Extension.AUDIO_LEVEL, LEVEL_ID)));
    }

    /** Sends the audio of a frame. */
    void send(long now, int frame, int minusDbov) {
        begin(OPUS, frame, minusDbov);
        buffer.writeInt(frame);
        deliver(now, Codec.OPUS, minusDbov);
    }

    /** Sends it with the frame before as redundancy. */
    void sendRed(long now, int frame, int minusDbov) {
        begin(RED, frame, minusDbov);
        buffer.writeInt(0x8000_0000 | OPUS << 24 | FRAME_UNITS << 10 | Integer.BYTES);
        buffer.writeByte(OPUS);
        buffer.writeInt(frame - 1);
        buffer.writeInt(frame);
        deliver(now, Codec.RED, minusDbov);
    }

    private void begin(int payloadType, int frame, int minusDbov) {
        long timestamp = FIRST_TIMESTAMP + (long) frame * FRAME_UNITS;
        buffer.clear();
        writer.begin(buffer, payloadType, false, FIRST_SEQUENCE + sent++, timestamp, ssrc)
                .extension8(LEVEL_ID, minusDbov);
        writer.end();
    }

    private void deliver(long now, Codec codec, int minusDbov) {
        view.wrap(buffer);
        long sequence = stream.onPacket(now, view.sequence(), view.timestamp(), buffer.readableBytes(), false);
        track.audioLevel().onPacket(now, minusDbov);
        track.layers().getFirst().onPacket(now, codec, view, sequence, stream.lastTimestamp());
    }
}
