package dev.weir.media;

import dev.weir.rtp.Codec;
import dev.weir.rtp.DependencyDescriptor;
import dev.weir.rtp.Extension;
import dev.weir.rtp.RtpView;

/** What a packet becomes on a slot, but for its number: as its stretch of the slot's stream has it. */
final class Rewriting {
    private final SendStream stream;
    private final OutgoingRtp out;

    Rewriting(SendStream stream, OutgoingRtp out) {
        this.stream = stream;
        this.out = out;
    }

    /** All that the packet alone tells. */
    void begin(Segment segment, RtpView packet, long outgoingTimestamp) {
        Layer layer = segment.layer();
        out.stream = stream;
        out.ssrc = stream.ssrc();
        out.codec = segment.codec();
        out.payloadType = stream.payloadTypes(segment.codec()).payloadType();
        out.timestamp = outgoingTimestamp & 0xffff_ffffL;
        out.csrc = layer.track().csrc();
        out.source = packet.buffer();
        out.lasting = false;
        out.payloadOffset = packet.payloadOffset();
        out.payloadBytes = packet.payloadBytes();
        out.originalSequence = OutgoingRtp.NONE;
        out.pictureId = OutgoingRtp.NONE;
        out.announces = false;
        out.clearDescriptor();
        int level = packet.extensionOffset(layer.extensions().id(Extension.AUDIO_LEVEL));
        out.audioLevel = level < 0 ? OutgoingRtp.NONE : packet.buffer().getUnsignedByte(level);
    }

    /** What a packet of video has besides: the marker where the picture ends here, and the numbers of its frame. */
    void picture(Segment segment, RtpView packet, Selection selection) {
        FrameView frame = segment.layer().frame();
        out.marker |= selection.endsPicture(frame);
        if (frame.pictureId() >= 0) {
            // VP9's frames name those that they need by differences, which dropped pictures leave true.
            int dropped = segment.codec() == Codec.VP8 ? selection.droppedBefore() : 0;
            out.pictureId = SlotNumbers.pictureId(segment, frame.pictureId(), dropped);
            out.tl0 = SlotNumbers.tl0(segment, frame.tl0());
        }
        out.announces = selection.announces(frame);
        out.activeTargets = out.announces ? selection.activeTargets() : 0;
        descriptor(segment, packet);
    }

    /** A packet from the store, as it was sent the first time. */
    void repeat(Segment segment, RtpView packet, SentPackets sent, int entry) {
        begin(segment, packet, packet.timestamp() + segment.timestampOffset());
        out.marker = sent.marker(entry);
        if (sent.empty(entry)) {
            out.payloadBytes = 0;
            return;
        }
        out.pictureId = sent.pictureId(entry);
        out.tl0 = sent.tl0(entry);
        out.announces = sent.announces(entry);
        out.activeTargets = sent.activeTargets(entry);
        if (out.announces) {
            // Where the targets stand in the descriptor depends on the structure, which the layer knows.
            segment.layer().read(packet);
        }
        descriptor(segment, packet);
    }

    private void descriptor(Segment segment, RtpView packet) {
        int id = segment.layer().extensions().id(Extension.DEPENDENCY_DESCRIPTOR);
        int offset = packet.extensionOffset(id);
        if (offset < 0) {
            return;
        }
        if (!out.announces) {
            out.moveDescriptor(offset, packet.extensionBytes(id), segment);
            return;
        }
        DependencyDescriptor descriptor = segment.layer().frame().descriptor();
        int targets = descriptor.structure().targets();
        out.moveDescriptor(offset, packet.extensionBytes(id), segment, targets, descriptor.activeAt());
    }
}
