package dev.weir.client;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** Whether what came out of a slot is one unbroken stream (PROTOCOL section 5). */
public final class SlotChecks {
    private SlotChecks() {}

    /** What broke the contract, in words; empty when nothing did. Packets that are missing are no fault here. */
    public static List<String> faults(ReceivedSlot slot) {
        List<String> faults = new ArrayList<>(slot.faults());
        ReceivedPacket before = null;
        for (ReceivedPacket packet : inSequence(slot).values()) {
            if (before != null) {
                compare(slot, before, packet, faults);
            }
            before = packet;
        }
        return faults.stream().map(fault -> "slot " + slot.mid() + ": " + fault).toList();
    }

    /**
     * Numbers that never came, with a payload or without, from the first packet on to the highest that had come by a moment: what was sent last may
     * still be on its way.
     */
    public static int missing(ReceivedSlot slot, long by) {
        long first = Long.MAX_VALUE;
        long last = Long.MIN_VALUE;
        for (ReceivedPacket packet : slot.packets()) {
            first = Math.min(first, packet.sequence());
            last = packet.arrival() <= by ? Math.max(last, packet.sequence()) : last;
        }
        return last < first
                ? 0
                : (int) (last - first + 1)
                        - inSequence(slot).headMap(last, true).size()
                        - slot.empties().subSet(first, last).size();
    }

    /** The longest time without a new frame, from one moment on to another. */
    public static long longestStandstill(ReceivedSlot slot, long from, long until) {
        long longest = 0;
        long last = from;
        for (DecodedFrame frame : slot.decoded()) {
            if (frame.time() >= from && frame.time() <= until) {
                longest = Math.max(longest, frame.time() - last);
                last = frame.time();
            }
        }
        return Math.max(longest, until - last);
    }

    private static TreeMap<Long, ReceivedPacket> inSequence(ReceivedSlot slot) {
        TreeMap<Long, ReceivedPacket> packets = new TreeMap<>();
        slot.packets().forEach(packet -> packets.put(packet.sequence(), packet));
        return packets;
    }

    private static void compare(ReceivedSlot slot, ReceivedPacket before, ReceivedPacket packet, List<String> faults) {
        if (packet.timestamp() < before.timestamp()) {
            faults.add("the timestamp runs back from " + before + " to " + packet);
        }
        long between = packet.sequence() - before.sequence() - 1;
        boolean lost =
                slot.empties().subSet(before.sequence(), packet.sequence()).size() < between;
        if (packet.video() == null || before.video() == null || lost) {
            return;
        }
        VideoPayload last = before.video();
        VideoPayload next = packet.video();
        boolean sameFrame = packet.timestamp() == before.timestamp();
        int pictureId = sameFrame ? last.pictureId() : last.pictureId() + 1 & 0x7fff;
        int tl0 = sameFrame || next.temporalLayer() > 0 ? last.tl0() : last.tl0() + 1 & 0xff;
        if (next.pictureId() != pictureId || next.tl0() != tl0) {
            faults.add("picture ids run from " + before + " to " + packet);
        }
        if (sameFrame && (before.csrc() != packet.csrc() || next.packet() != last.packet() + 1)) {
            faults.add("a frame is mixed: " + before + " then " + packet);
        }
        if (!sameFrame && !next.starts()) {
            faults.add("a frame begins in its middle: " + packet);
        }
    }
}
