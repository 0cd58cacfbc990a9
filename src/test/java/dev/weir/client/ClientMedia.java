package dev.weir.client;

import dev.weir.bwe.ArrivalRecorder;
import dev.weir.rtp.Extension;
import dev.weir.rtp.ExtensionIds;
import dev.weir.rtp.MediaKind;
import dev.weir.rtp.RtcpParser;
import dev.weir.rtp.RtcpVisitor;
import dev.weir.rtp.RtcpWriter;
import dev.weir.rtp.RtpView;
import dev.weir.sdp.MediaAnswer;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a client sends and what it gets, above SRTP: its streams, its slots, and the reports on both. */
public final class ClientMedia {
    private static final long REPORT_NANOS = 1_000_000_000;
    private static final long LOOK_NANOS = 10_000_000;
    private static final long RTT_NANOS = 60_000_000;
    private static final int RTCP_BYTES = 1_200;

    /** Timestamps pass their wrap a few seconds into a call. */
    private static final long FIRST_TIMESTAMP = (1L << 32) - 200_000;

    /** Sequence numbers too, and picture ids: so that every test meets it. */
    private static final int FIRST_SEQUENCE = 65_000;

    private static final int FIRST_PICTURE_ID = 0x7fff - 50;

    interface Wire extends SendingStream.Wire {
        /** Protects and sends a compound if there is something in it; takes the buffer. */
        void sendRtcp(ByteBuf compound);
    }

    private final Wire wire;
    private final long ntpOfStart;
    private final int ownSsrc;
    private final Microphone microphone;
    private final Camera camera;
    private final Map<String, ReceivedSlot> slots = new LinkedHashMap<>();
    private final Map<Integer, ReceivedSlot> bySsrc = new LinkedHashMap<>();
    private final ExtensionIds ids;
    private final ClientPlan plan;
    private final Reports reports = new Reports();
    private final ArrivalRecorder arrivals = new ArrivalRecorder();

    private boolean cameraOn;
    private long now;
    private long nextReport;
    private long nextLook;
    private int pictureLosses;
    private int feedbacks;
    private int strangers;
    private long rembBps;
    private final List<Long> rembs = new ArrayList<>();

    ClientMedia(ClientPlan plan, TestClient.Surroundings surroundings, Wire wire) {
        this.wire = wire;
        this.plan = plan;
        this.ids = ClientOffer.ids(plan, ClientOffer.AUDIO_EXTENSIONS);
        this.ntpOfStart = surroundings.ntpOfStart();
        SecureRandom random = surroundings.random();
        this.ownSsrc = random.nextInt();
        this.cameraOn = !plan.layers().isEmpty();
        microphone = plan.audio() ? new Microphone(microphoneStream(random), FIRST_TIMESTAMP) : null;
        List<SendingStream> streams = new ArrayList<>();
        plan.layers().forEach(layer -> streams.add(cameraStream(layer, random)));
        camera = new Camera(plan, streams, FIRST_TIMESTAMP + random.nextInt(90_000), FIRST_PICTURE_ID);
    }

    public Collection<ReceivedSlot> slots() {
        return slots.values();
    }

    /** Keyframes made, and requests for one. */
    public int keyframes() {
        return camera.keyframes();
    }

    public int pictureLosses() {
        return pictureLosses;
    }

    /** Frames that the camera took. */
    public int frames() {
        return camera.frames();
    }

    /** Packets sent again because the server asked. */
    public long resent() {
        return camera.streams().stream().mapToLong(SendingStream::resent).sum();
    }

    /** Transport-wide feedback that came. */
    public int feedbacks() {
        return feedbacks;
    }

    /** REMB that came, in bits per second. */
    public List<Long> rembs() {
        return rembs;
    }

    /** From now on each report says that the path to us carries so much; 0: nothing of it. */
    public void saysRemb(long bps) {
        rembBps = bps;
    }

    /** Packets of SSRCs that the answer did not name. */
    public int strangers() {
        return strangers;
    }

    /** @param minusDbov how loud the microphone is from now on */
    public void speak(int minusDbov) {
        microphone.level(minusDbov);
    }

    List<SendingStream> cameraStreams() {
        return cameraOn ? camera.streams() : List.of();
    }

    void stopCamera() {
        cameraOn = false;
        camera.stop();
    }

    void onAnswer(MediaAnswer answer) {
        for (MediaAnswer.Slot slot : answer.slots()) {
            ReceivedSlot received = slots.computeIfAbsent(
                    slot.mid(), _ -> new ReceivedSlot(slot, slot.rtxSsrc() == 0 ? MediaKind.AUDIO : MediaKind.VIDEO));
            bySsrc.put(slot.ssrc(), received);
            if (slot.rtxSsrc() != 0) {
                bySsrc.put(slot.rtxSsrc(), received);
            }
        }
    }

    void start(long now) {
        nextReport = now + REPORT_NANOS / 4;
        nextLook = now;
        if (microphone != null) {
            microphone.start(now);
        }
        if (cameraOn) {
            camera.start(now);
        }
    }

    void onRtp(long now, RtpView view) {
        ReceivedSlot slot = bySsrc.get(view.ssrc());
        if (slot == null) {
            strangers++;
            return;
        }
        int number = view.extensionOffset(ids.id(Extension.TRANSPORT_CC));
        if (number >= 0) {
            arrivals.record(view.buffer().getUnsignedShort(number), now);
        }
        int mid = view.extensionOffset(ids.id(Extension.MID));
        int level = view.extensionOffset(ids.id(Extension.AUDIO_LEVEL));
        slot.onRtp(
                now,
                view,
                new ReceivedSlot.Header(
                        mid < 0
                                ? ""
                                : view.buffer()
                                        .toString(
                                                mid,
                                                view.extensionBytes(ids.id(Extension.MID)),
                                                StandardCharsets.US_ASCII),
                        level < 0 ? -1 : view.buffer().getUnsignedByte(level)));
    }

    void onRtcp(long now, ByteBuf compound) {
        this.now = now;
        RtcpParser.parse(compound, reports);
    }

    long nextTimeout() {
        long next = Math.min(Math.min(nextReport, nextLook), camera.nextTimeout());
        return microphone == null ? next : Math.min(next, microphone.nextTimeout());
    }

    void onTimeout(long now) {
        this.now = now;
        if (microphone != null) {
            microphone.onTimeout(now);
        }
        camera.onTimeout(now);
        if (now >= nextLook) {
            nextLook = now + LOOK_NANOS;
            ByteBuf compound = wire.buffer(RTCP_BYTES);
            for (ReceivedSlot slot : slots.values()) {
                slot.writeNacks(now, RTT_NANOS, ownSsrc, compound);
                slot.writePli(now, ownSsrc, compound);
            }
            if (arrivals.nextTimeout() <= now) {
                arrivals.writeFeedback(now, ownSsrc, ownSsrc, compound);
            }
            wire.sendRtcp(compound);
        }
        if (now >= nextReport) {
            nextReport = now + REPORT_NANOS;
            report();
        }
    }

    private void report() {
        ByteBuf compound = wire.buffer(RTCP_BYTES);
        if (microphone != null) {
            microphone.stream().writeReport(compound, ntpOfStart + now, microphone.timestamp(now));
        }
        for (SendingStream stream : cameraStreams()) {
            stream.writeReport(compound, ntpOfStart + now, camera.timestamp(now));
        }
        int report = RtcpWriter.receiverReport(compound, ownSsrc);
        for (ReceivedSlot slot : slots.values()) {
            slot.writeReportBlock(now, report, compound);
        }
        if (rembBps > 0) {
            RtcpWriter.remb(compound, ownSsrc, rembBps, new int[0], 0);
        }
        wire.sendRtcp(compound);
    }

    private SendingStream microphoneStream(SecureRandom random) {
        return new SendingStream(
                new SendingStream.Identity(
                        ClientOffer.AUDIO_MID,
                        "",
                        random.nextInt(),
                        0,
                        ClientOffer.OPUS,
                        -1,
                        ClientOffer.ids(plan, ClientOffer.AUDIO_EXTENSIONS)),
                FIRST_SEQUENCE,
                wire);
    }

    private SendingStream cameraStream(ClientPlan.LayerPlan layer, SecureRandom random) {
        return new SendingStream(
                new SendingStream.Identity(
                        ClientOffer.VIDEO_MID,
                        layer.rid(),
                        random.nextInt(),
                        random.nextInt(),
                        ClientOffer.VP8,
                        ClientOffer.VP8_RTX,
                        ClientOffer.ids(plan, ClientOffer.VIDEO_EXTENSIONS)),
                FIRST_SEQUENCE,
                wire);
    }

    private final class Reports implements RtcpVisitor {
        @Override
        public void senderReport(int ssrc, long ntp, long rtpTimestamp, long packets, long octets) {
            ReceivedSlot slot = bySsrc.get(ssrc);
            if (slot != null) {
                slot.onSenderReport(now, ntp, rtpTimestamp, packets);
            }
        }

        @Override
        public void nack(int senderSsrc, int mediaSsrc, int sequence) {
            for (SendingStream stream : camera.streams()) {
                if (stream.ssrc() == mediaSsrc) {
                    stream.resend(now, sequence);
                }
            }
        }

        @Override
        public void pli(int mediaSsrc) {
            pictureLosses++;
            camera.wantKeyframe();
        }

        @Override
        public void remb(long bitrateBps) {
            rembs.add(bitrateBps);
        }

        @Override
        public void transportFeedback(ByteBuf packet, int offset, int bytes) {
            feedbacks++;
        }
    }
}
