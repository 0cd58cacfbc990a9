package dev.weir.peer;

import dev.weir.media.OutgoingRtp;
import dev.weir.media.SendStream;
import dev.weir.rtp.Extension;
import dev.weir.rtp.ExtensionIds;
import dev.weir.rtp.NtpTime;
import dev.weir.rtp.RtpWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/** Writes the packets of a viewer's slots with his extension ids. */
final class SlotWriter {
    /** Header, CSRC, extensions, a retransmission's number, the tag, and some room. */
    private static final int OVERHEAD_BYTES = 128;

    /** The most that a packet can be padded with (RFC 3550 section 5.1). */
    private static final int PADDING_BYTES = 255;

    private final ByteBufAllocator buffers;
    private final RtpWriter writer = new RtpWriter();

    SlotWriter(ByteBufAllocator buffers) {
        this.buffers = buffers;
    }

    /** The whole packet; transport-wide number and send time stay open. The buffer is the caller's. */
    ByteBuf write(Slot slot, OutgoingRtp packet) {
        int bytes = packet.payloadBytes() + packet.descriptor().readableBytes() + OVERHEAD_BYTES;
        ByteBuf buffer = buffers.directBuffer(bytes);
        writeHeader(buffer, slot, packet, 0, 0);
        packet.writePayload(buffer);
        return buffer;
    }

    /**
     * Appends the packet to a buffer that has room for it, but for what can be encrypted from where it lies.
     *
     * @param draft with its number; the rest is filled in
     */
    void write(long now, ByteBuf buffer, Slot slot, OutgoingRtp packet, Draft draft) {
        int sendTime = NtpTime.absSendTime(now);
        draft.headerBytes = writeHeader(buffer, slot, packet, draft.transportNumber & 0xffff, sendTime);
        int written = packet.writeDescriptor(buffer);
        draft.index = packet.index();
        draft.source = packet.source();
        draft.from = packet.payloadOffset() + written;
        draft.bytes = packet.payloadBytes() - written;
    }

    /** With the number that is repeated, where one is. @return the size of the header itself */
    private int writeHeader(ByteBuf buffer, Slot slot, OutgoingRtp packet, int number, int sendTime) {
        ByteBuf descriptor = packet.descriptor();
        ExtensionIds ids = slot.extensions();
        writer.begin(buffer, packet.payloadType(), packet.marker(), packet.index(), packet.timestamp(), packet.ssrc())
                .csrc(packet.csrc());
        writeExtensions(slot, number, sendTime);
        if (packet.audioLevel() != OutgoingRtp.NONE) {
            writer.extension8(ids.id(Extension.AUDIO_LEVEL), packet.audioLevel());
        }
        if (descriptor.isReadable()) {
            writer.extension(ids.id(Extension.DEPENDENCY_DESCRIPTOR), descriptor, 0, descriptor.readableBytes());
        }
        int bytes = writer.end();
        if (packet.originalSequence() != OutgoingRtp.NONE) {
            buffer.writeShort(packet.originalSequence());
        }
        return bytes;
    }

    /** A packet of the retransmission stream with nothing in it: a probe disturbs no decoder. */
    ByteBuf writePadding(long now, Slot slot, long index) {
        SendStream stream = slot.stream();
        ByteBuf buffer = buffers.directBuffer(PADDING_BYTES + OVERHEAD_BYTES);
        long timestamp = stream.timestamp(now) & 0xffff_ffffL;
        writer.begin(buffer, stream.rtxPayloadType(), false, index, timestamp, stream.rtxSsrc());
        writeExtensions(slot, 0, 0);
        writer.end();
        RtpWriter.pad(buffer, buffer.readerIndex(), PADDING_BYTES);
        return buffer;
    }

    /** What every packet of a slot has. */
    private void writeExtensions(Slot slot, int number, int sendTime) {
        ExtensionIds ids = slot.extensions();
        writer.extension(ids.id(Extension.MID), slot.mid());
        writer.extension16(ids.id(Extension.TRANSPORT_CC), number);
        writer.extension24(ids.id(Extension.ABS_SEND_TIME), sendTime);
    }
}
