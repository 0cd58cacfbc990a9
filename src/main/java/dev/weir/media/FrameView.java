package dev.weir.media;

import dev.weir.rtp.Codec;
import dev.weir.rtp.DependencyDescriptor;
import dev.weir.rtp.Extension;
import dev.weir.rtp.ExtensionIds;
import dev.weir.rtp.Keyframes;
import dev.weir.rtp.RtpView;
import dev.weir.rtp.Vp8Descriptor;
import dev.weir.rtp.Vp9Descriptor;
import java.util.Arrays;

/**
 * What a packet tells of its frame, read once for all who forward it: from the dependency descriptor where there is one,
 * which also serves encrypted payloads, else from the payload's own descriptor. One per layer; valid for one packet.
 *
 * <p>Chromium (156) sends VP8 without picture id and temporal layer where it sends the dependency descriptor.
 */
final class FrameView {
    /** Room for the spatial layers of a picture in the numbers of VP9's frames. */
    private static final int SPATIAL_LAYERS = Vp9Descriptor.MAX_SPATIAL;

    private final Vp8Descriptor vp8 = new Vp8Descriptor();
    private final Vp9Descriptor vp9 = new Vp9Descriptor();
    private final int[] heights = new int[SPATIAL_LAYERS];

    /** Made with the first packet that has one. */
    private DependencyDescriptor descriptor;

    private int descriptorOffset;
    private int descriptorBytes;
    private boolean byTargets;
    private boolean byLayers;
    private boolean keyframe;
    private long frame;
    private int spatial;
    private int temporal;
    private boolean endsFrame;
    private boolean sync;
    private boolean switchingUp;
    private boolean leavesNoGap;
    private int pictureId;
    private int pictureIdBits;
    private int tl0;
    private long lastPicture;
    private int topSpatial;

    /** Forgets what was learnt of a stream: another one follows. */
    void reset() {
        descriptor = null;
        topSpatial = 0;
    }

    /** Another codec follows in the same stream. */
    void forgetLayers() {
        topSpatial = 0;
        Arrays.fill(heights, 0);
    }

    void read(Codec codec, RtpView packet, ExtensionIds extensions) {
        byTargets = false;
        byLayers = false;
        keyframe = false;
        sync = false;
        switchingUp = false;
        leavesNoGap = false;
        endsFrame = false;
        spatial = 0;
        temporal = 0;
        pictureIdBits = 0;
        readDescriptor(packet, extensions.id(Extension.DEPENDENCY_DESCRIPTOR));
        if (packet.payloadBytes() == 0) {
            return;
        }
        switch (codec) {
            case VP8 -> readVp8(packet);
            case VP9 -> readVp9(packet);
            case H264, AV1, OPUS -> {}
        }
        if (byTargets) {
            keyframe = descriptor.structurePresent() && descriptor.spatial() == 0;
            for (int layer = 0; keyframe && layer <= descriptor.structure().topSpatial(); layer++) {
                heights[layer] = descriptor.structure().height(layer);
            }
            topSpatial = descriptor.structure().topSpatial();
        } else {
            keyframe = Keyframes.startsKeyframe(codec, packet.buffer(), packet.payloadOffset(), packet.payloadBytes());
        }
    }

    private void readDescriptor(RtpView packet, int id) {
        descriptorOffset = packet.extensionOffset(id);
        descriptorBytes = descriptorOffset < 0 ? 0 : packet.extensionBytes(id);
        if (descriptorOffset < 0) {
            return;
        }
        if (descriptor == null) {
            descriptor = new DependencyDescriptor();
        }
        byTargets = descriptor.read(packet.buffer(), descriptorOffset, descriptorBytes);
        if (byTargets) {
            frame = descriptor.frame();
            spatial = descriptor.spatial();
            temporal = descriptor.temporal();
            endsFrame = descriptor.endsFrame();
        }
    }

    private void readVp8(RtpView packet) {
        if (!vp8.wrap(packet.buffer(), packet.payloadOffset(), packet.payloadBytes())) {
            return;
        }
        readPictureId(vp8.pictureId(), vp8.pictureIdBits(), vp8.tl0());
        if (vp8.startsKeyframe()) {
            heights[0] = vp8.height();
        }
        if (!byTargets && pictureIdBits > 0) {
            byLayers = true;
            frame = lastPicture;
            temporal = Math.max(0, vp8.temporalLayer());
            sync = vp8.layerSync();
            leavesNoGap = true;
        }
    }

    private void readVp9(RtpView packet) {
        if (!vp9.wrap(packet.buffer(), packet.payloadOffset(), packet.payloadBytes())) {
            return;
        }
        readPictureId(vp9.pictureId(), vp9.pictureIdBits(), vp9.tl0());
        for (int layer = 0; layer < vp9.spatialLayers(); layer++) {
            heights[layer] = vp9.height(layer);
        }
        if (byTargets || pictureIdBits == 0 || !vp9.layered()) {
            return;
        }
        byLayers = true;
        frame = lastPicture * SPATIAL_LAYERS + vp9.spatial();
        spatial = vp9.spatial();
        temporal = vp9.temporal();
        endsFrame = vp9.endsFrame();
        switchingUp = vp9.switchingUp();
        topSpatial = vp9.startsKeyframe() ? Math.max(0, vp9.spatialLayers() - 1) : Math.max(topSpatial, spatial);
    }

    private void readPictureId(int id, int bits, int base) {
        pictureId = id;
        pictureIdBits = bits;
        tl0 = base;
        if (bits > 0) {
            int unused = Long.SIZE - bits;
            lastPicture += (id - lastPicture) << unused >> unused;
        }
    }

    /** Whether the packet tells which decode targets its frame is for: {@link #descriptor} may be asked. */
    boolean byTargets() {
        return byTargets;
    }

    /** Whether the payload tells of which layer the frame is. */
    boolean byLayers() {
        return byLayers;
    }

    /** Null before the first packet that had one. */
    DependencyDescriptor descriptor() {
        return descriptor;
    }

    /** Absolute index of the dependency descriptor in the packet's buffer, or -1. */
    int descriptorOffset() {
        return descriptorOffset;
    }

    int descriptorBytes() {
        return descriptorBytes;
    }

    /** Whether the packet has a frame number, be its descriptor readable or not. */
    boolean numbered() {
        return descriptorBytes >= 3;
    }

    /** Whether a decoder can begin here. */
    boolean startsKeyframe() {
        return keyframe;
    }

    /** The frame's number, unwrapped. Only if layers or targets are told. */
    long frame() {
        return frame;
    }

    int spatial() {
        return spatial;
    }

    int temporal() {
        return temporal;
    }

    /** Whether the packet is the last one of its frame; false where nothing tells. */
    boolean endsFrame() {
        return endsFrame;
    }

    /** Whether the frame needs only the lowest temporal layer (VP8). */
    boolean sync() {
        return sync;
    }

    /** Whether higher temporal layers need none of their own frames from before this one (VP9). */
    boolean switchingUp() {
        return switchingUp;
    }

    /** Whether receivers take a frame number that is left out for a loss (VP8). */
    boolean leavesNoGap() {
        return leavesNoGap;
    }

    /** As in the payload, or -1. */
    int pictureId() {
        return pictureIdBits == 0 ? -1 : pictureId;
    }

    /** As in the payload, or -1; meaningful where there is a picture id. */
    int tl0() {
        return tl0;
    }

    /** The highest spatial layer that the stream has. */
    int topSpatial() {
        return topSpatial;
    }

    /** A spatial layer's height in pixels, as of the last keyframe, or 0. */
    int height(int spatialLayer) {
        return spatialLayer < heights.length ? Math.max(0, heights[spatialLayer]) : 0;
    }
}
