package dev.weir.load;

import dev.weir.rtp.Extension;
import dev.weir.rtp.RtpView;
import dev.weir.rtp.Vp8Descriptor;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;

/** A wire that keeps what is sent, in the clear. */
final class Sent implements SendStream.Wire {
    record Packet(int ssrc, int payloadType, int sequence, long timestamp, boolean marker, String rid, byte[] payload) {
        Vp8Descriptor descriptor() {
            Vp8Descriptor descriptor = new Vp8Descriptor();
            if (!descriptor.wrap(Unpooled.wrappedBuffer(payload), 0, payload.length)) {
                throw new AssertionError("malformed VP8");
            }
            return descriptor;
        }
    }

    final List<Packet> packets = new ArrayList<>();
    private int transportSequence;

    static SendStream.Identity identity(String rid, int ssrc) {
        return new SendStream.Identity(
                new byte[] {'1'}, rid.getBytes(), ssrc, ssrc + 1, OfferText.VP8, OfferText.VP8_RTX, OfferText.IDS);
    }

    @Override
    public ByteBuf buffer() {
        return Unpooled.buffer(1_500);
    }

    @Override
    public int transportSequence() {
        return transportSequence++;
    }

    @Override
    public void send(ByteBuf packet, int headerBytes, long index) {
        RtpView view = new RtpView();
        if (!view.wrap(packet)) {
            throw new AssertionError("malformed RTP");
        }
        int id = OfferText.IDS.id(view.payloadType() == OfferText.VP8_RTX ? Extension.REPAIRED_RID : Extension.RID);
        int rid = view.extensionOffset(id);
        packets.add(new Packet(
                view.ssrc(),
                view.payloadType(),
                view.sequence(),
                view.timestamp(),
                view.marker(),
                rid < 0 ? "" : String.valueOf((char) packet.getByte(rid)),
                ByteBufUtil.getBytes(packet, view.payloadOffset(), view.payloadBytes())));
    }
}
