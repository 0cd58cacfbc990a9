package dev.weir.load;

import dev.weir.bwe.ArrivalRecorder;
import dev.weir.rtp.Extension;
import dev.weir.rtp.MediaKind;
import dev.weir.rtp.RtcpParser;
import dev.weir.rtp.RtcpVisitor;
import dev.weir.rtp.RtcpWriter;
import dev.weir.rtp.RtpView;
import io.netty.buffer.ByteBuf;
import io.netty.util.collection.IntObjectHashMap;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** What a client sends and gets, above SRTP: its streams, its slots, and the reports on both. */
final class ClientMedia {
    private static final long REPORT_NANOS = 1_000_000_000;

    /** How often slots are looked at for what is missing; a browser does it as often. */
    private static final long LOOK_NANOS = 20_000_000;

    /** Between a packet's repeated requests; paths here are short. */
    private static final long RTT_NANOS = 60_000_000;

    private static final int RTCP_BYTES = 1_200;
    private static final byte[] NO_RID = {};

    /** Streams that an answer did not announce and that are taken all the same, for servers that announce none. */
    private static final int MAX_UNANNOUNCED = 16;

    private final LoadLoop loop;
    private final Transport transport;
    private final Camera camera;
    private final Microphone microphone;
    private final boolean talking;
    private final boolean receives;
    private final List<SendStream> cameraStreams = new ArrayList<>();
    private final int[] cameraSsrcs = new int[2];
    private final List<Slot> slots = new ArrayList<>();
    private final IntObjectHashMap<Slot> bySsrc = new IntObjectHashMap<>();
    private final IntObjectHashMap<Slot> byRtxSsrc = new IntObjectHashMap<>();
    private final ArrivalRecorder arrivals = new ArrivalRecorder();
    private final Reports reports = new Reports();
    private final int ownSsrc;
    private int transportSequence;
    private int unverified;
    private int unannounced;
    private long now;
    private long nextReport;
    private long nextLook;
    private long firstMedia = -1;

    ClientMedia(LoadLoop loop, Transport transport, Part part) {
        this.loop = loop;
        this.transport = transport;
        RandomGenerator random = loop.random();
        ownSsrc = random.nextInt();
        talking = part.talking();
        receives = part.receives();
        microphone = part.microphone() ? new Microphone(microphoneStream(random), random) : null;
        part.layers()
                .forEach(layer ->
                        cameraStreams.add(cameraStream(layer, part.layers().size() > 1, random)));
        camera = part.layers().isEmpty()
                ? null
                : new Camera(part.layers(), cameraStreams, loop.plan().media().temporalLayers(), random);
    }

    /** The SSRC of a camera's one layer and that of its RTX, for an offer. */
    int[] cameraSsrcs() {
        return cameraSsrcs;
    }

    void onAnswer(Answer answer) {
        for (Answer.Announced announced : answer.slots()) {
            Slot slot = new Slot(announced.ssrc(), announced.kind());
            slots.add(slot);
            bySsrc.put(announced.ssrc(), slot);
            if (announced.rtxSsrc() != 0) {
                byRtxSsrc.put(announced.rtxSsrc(), slot);
            }
        }
    }

    void start(long now) {
        nextReport = now + REPORT_NANOS / 4;
        nextLook = now + loop.random().nextLong(LOOK_NANOS);
        if (microphone != null && talking) {
            microphone.start(now);
        }
        if (camera != null) {
            camera.start(now, loop.random());
        }
    }

    void activate(String rid, boolean active) {
        if (camera != null) {
            camera.activate(rid, active);
        }
    }

    /** When the first authentic media packet came; -1: none yet. */
    long firstMedia() {
        return firstMedia;
    }

    int keyframes() {
        return camera == null ? 0 : camera.keyframes();
    }

    int skippedFrames() {
        return camera == null ? 0 : camera.skipped();
    }

    void openWindow() {
        slots.forEach(slot -> slot.window().open());
    }

    void closeWindow() {
        slots.forEach(slot -> slot.window().close());
    }

    void countWindow(Tally tally) {
        long expected = countSlots(tally);
        tally.receivers += receives ? 1 : 0;
        tally.served += receives && expected > 0 ? 1 : 0;
    }

    /** Of one who leaves within the phase: what came is counted, and not whether he was served. */
    void countUntilNow(Tally tally) {
        closeWindow();
        countSlots(tally);
    }

    private long countSlots(Tally tally) {
        long expected = 0;
        for (Slot slot : slots) {
            expected += slot.window().expected();
            tally.lost += slot.window().lost();
        }
        tally.expected += expected;
        return expected;
    }

    /** Retransmissions hide the number that they repeat; of the others only a share is decrypted, to save time. */
    boolean verifies(RtpView header) {
        if (firstMedia < 0 || header.payloadType() == OfferText.VP8_RTX) {
            return true;
        }
        unverified++;
        if (unverified < loop.plan().course().verifyOneOf()) {
            return false;
        }
        unverified = 0;
        return true;
    }

    void onRtp(long now, RtpView packet, boolean verified) {
        int number = packet.extensionOffset(OfferText.IDS.id(Extension.TRANSPORT_CC));
        if (number >= 0) {
            arrivals.record(packet.buffer().getUnsignedShort(number), now);
        }
        if (packet.payloadType() == OfferText.VP8_RTX) {
            onRetransmission(now, packet);
            return;
        }
        Slot slot = bySsrc.get(packet.ssrc());
        if (slot == null) {
            slot = unannounced(packet);
        }
        if (slot == null) {
            loop.tally().strangers++;
            return;
        }
        if (!slot.onPacket(
                now, packet.sequence(), packet.timestamp(), packet.buffer().readableBytes(), false)) {
            loop.tally().repeated++;
        } else if (verified) {
            firstMedia = firstMedia < 0 ? now : firstMedia;
            long sentAt = Stamp.read(packet.buffer(), packet.payloadOffset(), packet.payloadBytes(), loop.run());
            if (sentAt != Stamp.NONE) {
                loop.tally().onDelay(now - sentAt);
            }
        }
    }

    /** Its payload begins with the number that it repeats (RFC 4588 section 4); padding alone is a probe. */
    private void onRetransmission(long now, RtpView packet) {
        Slot slot = byRtxSsrc.get(packet.ssrc());
        if (slot == null && unannounced > 0) {
            slot = soleVideo();
        }
        if (slot == null || packet.payloadBytes() < 2) {
            return;
        }
        int sequence = packet.buffer().getUnsignedShort(packet.payloadOffset());
        if (slot.onPacket(now, sequence, packet.timestamp(), packet.buffer().readableBytes(), true)) {
            loop.tally().recovered++;
        } else {
            loop.tally().repeated++;
        }
    }

    private Slot soleVideo() {
        return slots.stream()
                .filter(slot -> slot.kind() == MediaKind.VIDEO)
                .findFirst()
                .orElse(null);
    }

    /** Null where there are enough, or where we never asked for anything. */
    private Slot unannounced(RtpView packet) {
        if (!receives || unannounced == MAX_UNANNOUNCED) {
            return null;
        }
        unannounced++;
        MediaKind kind = packet.payloadType() == OfferText.VP8 ? MediaKind.VIDEO : MediaKind.AUDIO;
        Slot slot = new Slot(packet.ssrc(), kind);
        slots.add(slot);
        bySsrc.put(packet.ssrc(), slot);
        return slot;
    }

    void onRtcp(long now, ByteBuf compound) {
        this.now = now;
        RtcpParser.parse(compound, reports);
    }

    long nextTimeout() {
        long next = Math.min(nextReport, nextLook);
        next = microphone == null ? next : Math.min(next, microphone.nextTimeout());
        return camera == null ? next : Math.min(next, camera.nextTimeout());
    }

    void onTimeout(long now) {
        this.now = now;
        if (microphone != null) {
            microphone.onTimeout(now);
        }
        if (camera != null) {
            camera.onTimeout(now);
        }
        if (now >= nextLook) {
            nextLook = now + LOOK_NANOS;
            look();
        }
        if (now >= nextReport) {
            nextReport = now + REPORT_NANOS;
            report();
        }
    }

    private void look() {
        if (slots.isEmpty()) {
            return;
        }
        ByteBuf compound = loop.buffer(RTCP_BYTES);
        long[] scratch = loop.nacks();
        for (Slot slot : slots) {
            loop.tally().nacked += slot.writeNacks(now, RTT_NANOS, ownSsrc, scratch, compound);
            loop.tally().plisSent += slot.writePli(now, ownSsrc, compound) ? 1 : 0;
        }
        if (arrivals.nextTimeout() <= now) {
            arrivals.writeFeedback(now, ownSsrc, ownSsrc, compound);
        }
        transport.sendRtcp(compound);
    }

    private void report() {
        ByteBuf compound = loop.buffer(RTCP_BYTES);
        long ntp = loop.ntpOfStart() + now;
        if (microphone != null && talking) {
            microphone.stream().writeReport(compound, ntp, microphone.timestamp(now));
        }
        for (SendStream stream : cameraStreams) {
            stream.writeReport(compound, ntp, camera.timestamp(now));
        }
        int report = RtcpWriter.receiverReport(compound, ownSsrc);
        slots.forEach(slot -> slot.writeReportBlock(now, report, compound));
        transport.sendRtcp(compound);
    }

    private SendStream microphoneStream(RandomGenerator random) {
        SendStream.Identity identity = new SendStream.Identity(
                ascii(OfferText.MICROPHONE_MID), NO_RID, random.nextInt(), 0, OfferText.OPUS, -1, OfferText.IDS);
        return new SendStream(identity, new VoicePayload(loop.run()), random.nextInt(1 << 15), new Wire());
    }

    private SendStream cameraStream(LayerShape layer, boolean simulcast, RandomGenerator random) {
        cameraSsrcs[0] = random.nextInt();
        cameraSsrcs[1] = random.nextInt();
        SendStream.Identity identity = new SendStream.Identity(
                ascii(OfferText.CAMERA_MID),
                simulcast ? ascii(layer.rid()) : NO_RID,
                cameraSsrcs[0],
                cameraSsrcs[1],
                OfferText.VP8,
                OfferText.VP8_RTX,
                OfferText.IDS);
        Payload payload = new Vp8Payload(layer.width(), layer.height(), loop.run());
        return new SendStream(identity, payload, random.nextInt(1 << 15), new Wire());
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private final class Wire implements SendStream.Wire {
        @Override
        public ByteBuf buffer() {
            return loop.buffer(FrameSizes.MAX_PACKET_BYTES + SendStream.HEADER_BYTES + Stamp.BYTES);
        }

        @Override
        public int transportSequence() {
            return transportSequence++ & 0xffff;
        }

        @Override
        public void send(ByteBuf packet, int headerBytes, long index) {
            transport.sendRtp(packet, headerBytes, index);
        }
    }

    private final class Reports implements RtcpVisitor {
        @Override
        public void senderReport(int ssrc, long ntp, long rtpTimestamp, long packets, long octets) {
            Slot slot = bySsrc.get(ssrc);
            if (slot != null) {
                slot.onSenderReport(now, ntp, rtpTimestamp);
            }
        }

        @Override
        public void nack(int senderSsrc, int mediaSsrc, int sequence) {
            for (SendStream stream : cameraStreams) {
                if (stream.ssrc() == mediaSsrc) {
                    boolean known = stream.resend(now, sequence);
                    loop.tally().resent += known ? 1 : 0;
                    loop.tally().resendsUnknown += known ? 0 : 1;
                }
            }
        }

        @Override
        public void pli(int mediaSsrc) {
            keyframe();
        }

        @Override
        public void fir(int mediaSsrc, int commandSequence) {
            keyframe();
        }

        @Override
        public void transportFeedback(ByteBuf packet, int offset, int bytes) {
            loop.tally().feedbacks++;
        }

        private void keyframe() {
            loop.tally().plisReceived++;
            if (camera != null) {
                camera.wantKeyframe();
            }
        }
    }
}
