package dev.weir.media;

import dev.weir.rtp.DependencyDescriptor;
import dev.weir.rtp.DependencyStructure;

/**
 * The numbers of a slot's frames, which go on through every switch of source: picture ids and TL0PICIDX of VP8 and VP9,
 * frame numbers and template ids of dependency descriptors. A new source's structure gets template ids behind those of
 * the one before, so that a packet that comes late is never read by the wrong one.
 */
final class SlotNumbers {
    private static final int PICTURE_ID_MASK = 0x7fff;
    private static final int TEMPLATE_ID_MASK = 0x3f;

    private boolean anyPicture;
    private int lastPictureId;
    private int lastTl0;
    private boolean anyFrame;
    private long lastFrame;
    private int nextTemplateId;

    /** A stretch from this source, beginning with this packet. @param timestampOffset outgoing minus incoming */
    Segment start(Layer layer, long timestampOffset) {
        FrameView frame = layer.frame();
        boolean picture = anyPicture && frame.pictureId() >= 0;
        boolean numbered = anyFrame && frame.numbered();
        boolean structured = numbered && frame.byTargets();
        return new Segment(
                layer,
                layer.stream(),
                layer.codec(),
                timestampOffset,
                picture ? lastPictureId + 1 - frame.pictureId() : 0,
                picture ? lastTl0 + 1 - frame.tl0() : 0,
                numbered ? lastFrame + 1 - frame.descriptor().frame() : 0,
                structured ? nextTemplateId - frame.descriptor().structure().firstTemplateId() & TEMPLATE_ID_MASK : 0);
    }

    static int pictureId(Segment segment, int pictureId, int droppedBefore) {
        return pictureId + segment.pictureIdOffset() - droppedBefore & PICTURE_ID_MASK;
    }

    static int tl0(Segment segment, int tl0) {
        return tl0 + segment.tl0Offset() & 0xff;
    }

    /** A packet was sent. @param newest none of a later picture was */
    void onSent(Segment segment, FrameView frame, OutgoingRtp packet, boolean newest) {
        if (newest && packet.pictureId != OutgoingRtp.NONE) {
            anyPicture = true;
            lastPictureId = packet.pictureId;
            lastTl0 = packet.tl0;
        }
        if (!frame.numbered()) {
            return;
        }
        DependencyDescriptor descriptor = frame.descriptor();
        long number = descriptor.frame() + segment.frameOffset();
        lastFrame = anyFrame ? Math.max(lastFrame, number) : number;
        anyFrame = true;
        if (frame.byTargets() && descriptor.structurePresent()) {
            DependencyStructure structure = descriptor.structure();
            nextTemplateId = structure.firstTemplateId() + structure.templates() + segment.templateOffset();
        }
    }
}
