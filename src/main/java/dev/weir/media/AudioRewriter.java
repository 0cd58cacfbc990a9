package dev.weir.media;

import dev.weir.rtp.Codec;
import dev.weir.rtp.Extension;
import dev.weir.rtp.Red;
import dev.weir.rtp.RtpView;

/**
 * What a forwarder does with sound: makes one stream of the voices that follow each other in a slot.
 *
 * <p>Timestamps follow the slot's line of server time. A voice that gets the slot when its first word has begun starts
 * with packets that are some 100 ms old ({@link RecentAudio}); a receiver would throw them away as too late, so they are
 * sent as if spoken now, and the slot lags by that much. It gets back to its line where nobody notices: by shortening
 * pauses, a frame at a time.
 */
final class AudioRewriter {
    /** 20 ms at 48 kHz: what one packet holds, where it is not known. */
    private static final int FRAME_UNITS = 960;

    private static final int CLOCK_RATE = 48_000;

    /** From one packet's timestamp to the next: a longer step than of any frame is a pause, by DTX. */
    private static final int LONGEST_FRAME_UNITS = 3 * FRAME_UNITS;

    /**
     * A jitter buffer measures how late packets are against the earliest of the last two seconds (Chromium's NetEq), so
     * taking back much in that time would look like jitter and make it play later from then on.
     */
    private static final long SHORTEN_INTERVAL_NANOS = TimeBase.SECOND;

    /** A source whose clock fell this far behind the time did not run meanwhile, as when its track was replaced. */
    private static final long STALLED_NANOS = 2 * TimeBase.SECOND;

    private final SendStream stream;
    private final PacketSink sink;
    private final OutgoingRtp out = new OutgoingRtp();
    private final SequenceMap sequences;
    private final Red red = new Red();

    private Layer layer;
    private ReceiveStream source;
    private long offset;
    private long lag;
    private long unbroken;
    private long lastIn;
    private long lastArrival;
    private long lastShortened;
    private boolean markNext;
    private boolean anySent;
    private long lastOut;

    AudioRewriter(SendStream stream, PacketSink sink) {
        this.stream = stream;
        this.sink = sink;
        this.sequences = new SequenceMap(stream.firstIndex() - 1);
    }

    /** Whose voice is sent now; null: nobody's yet. */
    Layer layer() {
        return layer;
    }

    /** The slot is another's from now on, or nobody's. */
    void stop() {
        layer = null;
        source = null;
    }

    /**
     * Sends a packet on.
     *
     * @param timestamp unwrapped
     * @return whether it is the first of a new source
     */
    boolean onPacket(long now, Layer from, Codec codec, RtpView packet, long sequence, long timestamp) {
        boolean switched = from != layer || from.stream() != source;
        if (!findPayload(codec, packet)) {
            if (!switched) {
                sequences.skip(sequence);
            }
            return false;
        }
        if (switched) {
            start(from, sequence, timestamp);
        } else if (sequences.leaps(sequence)) {
            sequences.start(sequence);
        }
        if (switched || !shortens(now, sequence, timestamp)) {
            forward(now, codec, packet, sequence, timestamp);
        }
        lastIn = Math.max(lastIn, timestamp);
        lastArrival = now;
        return switched;
    }

    /** Sets where the audio is in the packet: all of a plain one, the primary of RED. */
    private boolean findPayload(Codec codec, RtpView packet) {
        out.source = packet.buffer();
        out.payloadOffset = packet.payloadOffset();
        out.payloadBytes = packet.payloadBytes();
        if (codec == Codec.RED) {
            if (!red.wrap(packet.buffer(), packet.payloadOffset(), packet.payloadBytes())) {
                return false;
            }
            out.payloadOffset = red.primaryOffset();
            out.payloadBytes = red.primaryBytes();
        }
        return out.payloadBytes > 0 && stream.payloadTypes(Codec.OPUS) != null;
    }

    private void start(Layer from, long sequence, long timestamp) {
        layer = from;
        source = from.stream();
        long straight = stream.timestamp(source.serverNanos(timestamp));
        long outgoing = straight;
        if (anySent) {
            long live = stream.timestamp(source.serverNanos(source.lastTimestamp()));
            outgoing = Math.max(Math.max(straight, live), lastOut + FRAME_UNITS);
        }
        lag = outgoing - straight;
        offset = outgoing - timestamp;
        unbroken = timestamp;
        lastIn = timestamp;
        markNext = true;
        sequences.start(sequence);
    }

    /** Looks for time that can be given back or has passed unnoticed. @return whether this packet is to be left out */
    private boolean shortens(long now, long sequence, long timestamp) {
        long step = timestamp - lastIn;
        long stalled = now - lastArrival - TimeBase.toNanos(step, CLOCK_RATE);
        if (stalled > STALLED_NANOS) {
            offset += TimeBase.toUnits(stalled, CLOCK_RATE);
            unbroken = timestamp;
            markNext = true;
        } else if (lag == 0 || now - lastShortened < SHORTEN_INTERVAL_NANOS) {
            return false;
        } else if (step > LONGEST_FRAME_UNITS) {
            giveBack(now, Math.min(lag, FRAME_UNITS), timestamp);
        } else if (step > 0
                && step <= lag
                && layer.track().audioLevel().activity().pausing()
                && sequences.skip(sequence) == SequenceMap.NONE) {
            giveBack(now, step, timestamp + step);
            return true;
        }
        return false;
    }

    /** Older blocks of RED would now fall on the wrong moments: they are left out until they are of this stretch. */
    private void giveBack(long now, long units, long timestamp) {
        lastShortened = now;
        lag -= units;
        offset -= units;
        unbroken = timestamp;
    }

    private void forward(long now, Codec codec, RtpView packet, long sequence, long timestamp) {
        long index = sequences.map(sequence);
        if (index == SequenceMap.NONE) {
            return;
        }
        long outgoing = timestamp + offset;
        Codec sent = Codec.OPUS;
        if (codec == Codec.RED && takesRed(timestamp)) {
            sent = Codec.RED;
            out.payloadOffset = packet.payloadOffset();
            out.payloadBytes = packet.payloadBytes();
        }
        out.stream = stream;
        out.ssrc = stream.ssrc();
        out.index = index;
        out.payloadType = stream.payloadTypes(sent).payloadType();
        out.marker = packet.marker() || markNext;
        out.timestamp = outgoing & 0xffff_ffffL;
        out.csrc = layer.track().csrc();
        out.originalSequence = OutgoingRtp.NONE;
        out.pictureId = OutgoingRtp.NONE;
        out.tl0 = OutgoingRtp.NONE;
        int level = packet.extensionOffset(layer.extensions().id(Extension.AUDIO_LEVEL));
        out.audioLevel = level < 0 ? OutgoingRtp.NONE : packet.buffer().getUnsignedByte(level);
        out.clearDescriptor();
        markNext = false;
        anySent = true;
        lastOut = Math.max(lastOut, outgoing);
        stream.onSent(now, out.payloadBytes);
        sink.sendRtp(now, out);
    }

    /**
     * Whether the packet just looked at can go as it is: the receiver takes RED, calls Opus by the same number, and no
     * block is older than this stretch, where another's voice was.
     */
    private boolean takesRed(long timestamp) {
        return stream.payloadTypes(Codec.RED) != null
                && red.isAllOf(stream.payloadTypes(Codec.OPUS).payloadType())
                && timestamp - red.reach() >= unbroken;
    }
}
