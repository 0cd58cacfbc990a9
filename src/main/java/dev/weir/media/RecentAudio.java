package dev.weir.media;

import dev.weir.rtp.Bytes;
import dev.weir.rtp.Codec;
import dev.weir.rtp.RtpView;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * The last packets of one voice, for a slot that turns to it when its first word has begun already. A ring of places of
 * a fixed size, none before the first packet: one that is longer than a place, which no speech codec makes, is not kept.
 */
final class RecentAudio {
    static final int PACKETS = 16;
    static final int MAX_PACKET_BYTES = 512;

    /** A word that began longer ago is not repeated: the listener would be that far behind. */
    static final long MAX_AGE_NANOS = 200_000_000;

    /** How long before the first loud packet a word may begin: soft consonants are no louder than the room. */
    static final long LEAD_NANOS = 100_000_000;

    private ByteBuf bytes;
    private RtpView view;
    private int[] lengths;
    private long[] times;
    private long[] sequences;
    private long[] timestamps;
    private Codec[] codecs;
    private int count;
    private int next;

    /** Copies a packet in. */
    void put(long now, Codec codec, RtpView packet, long sequence, long timestamp) {
        ByteBuf buffer = packet.buffer();
        int length = buffer.readableBytes();
        if (length > MAX_PACKET_BYTES) {
            return;
        }
        if (bytes == null) {
            begin();
        }
        Bytes.set(bytes, next * MAX_PACKET_BYTES, buffer, buffer.readerIndex(), length);
        lengths[next] = length;
        times[next] = now;
        sequences[next] = sequence;
        timestamps[next] = timestamp;
        codecs[next] = codec;
        next = (next + 1) % PACKETS;
        count = Math.min(count + 1, PACKETS);
    }

    private void begin() {
        bytes = Unpooled.wrappedBuffer(new byte[PACKETS * MAX_PACKET_BYTES]);
        lengths = new int[PACKETS];
        times = new long[PACKETS];
        sequences = new long[PACKETS];
        timestamps = new long[PACKETS];
        codecs = new Codec[PACKETS];
    }

    void clear() {
        count = 0;
    }

    /** Gives a forwarder all that came since a moment, in the order in which it came. */
    void repeat(long now, long since, Layer layer, Forwarder forwarder) {
        for (int i = count; i > 0; i--) {
            int entry = (next - i + PACKETS) % PACKETS;
            if (times[entry] < since) {
                continue;
            }
            view = view == null ? new RtpView() : view;
            int start = entry * MAX_PACKET_BYTES;
            if (view.wrap(bytes.setIndex(start, start + lengths[entry]))) {
                forwarder.onAudio(now, layer, codecs[entry], view, sequences[entry], timestamps[entry]);
            }
        }
    }
}
