package dev.weir.client;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a VP8 decoder could show of a slot: a frame of which every packet came, and which is a keyframe or the next after
 * the last one shown. When it stands still it wants a keyframe.
 */
final class FrameDecoder {
    private static final long STANDSTILL_NANOS = 400_000_000;
    private static final long ASK_INTERVAL_NANOS = 1_000_000_000;

    /** One frame on its way, by its timestamp. */
    private static final class Frame {
        final VideoPayload first;
        final int csrc;
        final BitSet packets = new BitSet();

        Frame(VideoPayload first, int csrc) {
            this.first = first;
            this.csrc = csrc;
        }

        boolean isComplete() {
            return packets.cardinality() == first.packets();
        }
    }

    private final TreeMap<Long, Frame> waiting = new TreeMap<>();
    private final List<DecodedFrame> decoded = new ArrayList<>();
    private int lastPictureId = -1;
    private long lastTimestamp = Long.MIN_VALUE;
    private long standsSince = Long.MAX_VALUE;
    private long lastAsked = -ASK_INTERVAL_NANOS;

    List<DecodedFrame> decoded() {
        return decoded;
    }

    void onPacket(long now, ReceivedPacket packet) {
        VideoPayload video = packet.video();
        if (video == null || packet.timestamp() <= lastTimestamp) {
            return;
        }
        waiting.computeIfAbsent(packet.timestamp(), _ -> new Frame(video, packet.csrc()))
                .packets
                .set(video.packet());
        boolean shown = false;
        while (showNext(now)) {
            shown = true;
        }
        if (waiting.isEmpty()) {
            standsSince = Long.MAX_VALUE;
        } else if (shown || standsSince == Long.MAX_VALUE) {
            standsSince = now;
        }
    }

    /** Whether to ask for a keyframe now. */
    boolean asks(long now) {
        if (standsSince == Long.MAX_VALUE
                || now - standsSince < STANDSTILL_NANOS
                || now - lastAsked < ASK_INTERVAL_NANOS) {
            return false;
        }
        lastAsked = now;
        return true;
    }

    private boolean showNext(long now) {
        for (Map.Entry<Long, Frame> entry : waiting.entrySet()) {
            Frame frame = entry.getValue();
            boolean next = entry.getKey().equals(waiting.firstKey())
                    && lastPictureId >= 0
                    && frame.first.pictureId() == (lastPictureId + 1 & 0x7fff);
            if (frame.isComplete() && (frame.first.keyframe() || next)) {
                show(now, entry.getKey(), frame);
                return true;
            }
        }
        return false;
    }

    private void show(long now, long timestamp, Frame frame) {
        VideoPayload first = frame.first;
        decoded.add(new DecodedFrame(now, timestamp, frame.csrc, first.frame(), first.height(), first.keyframe()));
        lastPictureId = first.pictureId();
        lastTimestamp = timestamp;
        waiting.headMap(timestamp, true).clear();
    }
}
