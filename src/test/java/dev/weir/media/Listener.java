package dev.weir.media;

import dev.weir.rtp.Codec;
import dev.weir.rtp.MediaKind;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** One who has some audio slots, and what came in them. */
class Listener implements PacketSink {
    static final int OPUS = 111;
    static final int RED = 63;

    /** @param frame what the payload ends in */
    record Heard(
            long now,
            SendStream slot,
            long index,
            long timestamp,
            int csrc,
            boolean marker,
            int payloadType,
            int payloadBytes,
            int frame) {}

    final Slots slots;
    final List<Heard> heard = new ArrayList<>();

    Listener(int voices, boolean red) {
        slots = new Slots(voices);
        Map<Codec, SendStream.PayloadTypes> types = new EnumMap<>(Codec.class);
        types.put(Codec.OPUS, new SendStream.PayloadTypes(OPUS, -1));
        if (red) {
            types.put(Codec.RED, new SendStream.PayloadTypes(RED, -1));
        }
        for (int i = 0; i <= voices; i++) {
            SendStream stream =
                    new SendStream("a" + i, MediaKind.AUDIO, 0x77 + i, 0, types, 1_000 * i, 0, 0xffff_0000L);
            slots.add(new Forwarder(stream, this, (_, _) -> {}));
        }
    }

    @Override
    public void sendRtp(long now, OutgoingRtp packet) {
        int last = packet.payloadOffset() + packet.payloadBytes() - Integer.BYTES;
        heard.add(new Heard(
                now,
                packet.stream(),
                packet.index(),
                packet.timestamp(),
                packet.csrc(),
                packet.marker(),
                packet.payloadType(),
                packet.payloadBytes(),
                packet.source().getInt(last)));
    }

    List<Heard> in(SendStream slot) {
        return heard.stream().filter(packet -> packet.slot() == slot).toList();
    }
}
