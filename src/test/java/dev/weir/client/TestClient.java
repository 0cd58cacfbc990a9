package dev.weir.client;

import dev.weir.dtls.DtlsCertificate;
import dev.weir.dtls.DtlsConnection;
import dev.weir.dtls.DtlsParameters;
import dev.weir.dtls.DtlsRole;
import dev.weir.dtls.Fingerprint;
import dev.weir.ice.IceAgent;
import dev.weir.ice.IceClient;
import dev.weir.ice.IceCredentials;
import dev.weir.ice.IceDrop;
import dev.weir.ice.Route;
import dev.weir.rtp.RtpView;
import dev.weir.sdp.MediaAnswer;
import dev.weir.sdp.MediaOffer;
import dev.weir.srtp.SrtpKeys;
import dev.weir.srtp.SrtpProfile;
import dev.weir.srtp.SrtpProtector;
import dev.weir.srtp.SrtpResult;
import dev.weir.srtp.SrtpUnprotector;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.security.SecureRandom;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * A browser's side of a connection as a machine without I/O and clock, made of our own ICE, DTLS and SRTP: sends what
 * its plan says, and writes down what its slots bring. Owned by one thread.
 */
public final class TestClient {
    /** Where datagrams go. Must not call back. */
    public interface Output {
        /** The callee owns the buffer. */
        void send(Route to, ByteBuf datagram);
    }

    /**
     * What a client is lent.
     *
     * @param threads as {@link DtlsConnection.Threads}, to end in {@link #onDtls}
     * @param ntpOfStart what the client's own clock says at time 0, in nanoseconds since 1900
     */
    public record Surroundings(
            DtlsCertificate certificate,
            SecureRandom random,
            Function<TestClient, DtlsConnection.Threads> threads,
            ByteBufAllocator buffers,
            long ntpOfStart,
            Output output) {}

    private final ClientPlan plan;
    private final Surroundings surroundings;
    private final ClientMedia media;
    private final RtpView view = new RtpView();
    private final Map<SrtpResult, Integer> refused = new EnumMap<>(SrtpResult.class);
    private final IceOutput iceOutput = new IceOutput();

    private IceCredentials local;
    private String remoteUfrag = "";
    private IceClient ice;
    private IceClient restarted;
    private DtlsConnection dtls;
    private SrtpProtector protector;
    private SrtpUnprotector unprotector;
    private SrtpProfile profile;
    private String failure;
    private boolean checking = true;
    private boolean dtlsStarted;
    private long now;
    private long lastReceived = -1;
    private int datagramsReceived;
    private int early;

    public TestClient(ClientPlan plan, Surroundings surroundings) {
        this.plan = plan;
        this.surroundings = surroundings;
        this.local = IceCredentials.random(surroundings.random());
        this.media = new ClientMedia(plan, surroundings, new MediaWire());
    }

    /** As it is to be sent now. */
    public MediaOffer offer() {
        Fingerprint own = surroundings.certificate().fingerprint();
        return ClientOffer.of(plan, local, own, media.cameraStreams());
    }

    /** The next {@link #offer} restarts ICE. */
    public void restartIce() {
        local = IceCredentials.random(surroundings.random());
    }

    /** The next {@link #offer} is without the camera, which stops. */
    public void stopCamera() {
        media.stopCamera();
    }

    /** @param route from our address to the one that the answer's candidate names */
    public void onAnswer(long now, MediaAnswer answer, Route route) {
        this.now = now;
        media.onAnswer(answer);
        if (answer.iceUfrag().equals(remoteUfrag)) {
            return;
        }
        remoteUfrag = answer.iceUfrag();
        IceCredentials remote = new IceCredentials(answer.iceUfrag(), answer.icePwd());
        IceClient fresh = new IceClient(local, remote, List.of(route), surroundings.random());
        if (ice != null) {
            restarted = fresh;
            return;
        }
        ice = fresh;
        Fingerprint theirs = Fingerprint.of(
                        answer.fingerprint().algorithm(), answer.fingerprint().hex())
                .orElseThrow();
        DtlsParameters parameters = new DtlsParameters(
                plan.dtlsPassive() ? DtlsRole.SERVER : DtlsRole.CLIENT,
                surroundings.certificate(),
                List.of(theirs),
                plan.srtpProfiles(),
                DtlsParameters.MTU_BYTES);
        dtls = new DtlsConnection(
                parameters, surroundings.random(), surroundings.threads().apply(this));
    }

    /** The network changed: from now on this route is tried, and used when it answers. */
    public void move(Route route) {
        ice.add(route);
    }

    /** Whether checks are sent at all. */
    public void checks(boolean wanted) {
        checking = wanted;
    }

    /** Takes a datagram, which is borrowed and changed in place. */
    public void onDatagram(long now, Route from, ByteBuf datagram) {
        this.now = now;
        lastReceived = now;
        datagramsReceived++;
        if (IceAgent.looksLikeStun(datagram)) {
            onStun(from, datagram);
        } else if (DtlsConnection.looksLikeDtls(datagram)) {
            dtls.onDatagram(datagram);
        } else if (unprotector == null) {
            early++;
        } else if (datagram.readableBytes() < 8) {
            refused.merge(SrtpResult.TOO_SHORT, 1, Integer::sum);
        } else if ((datagram.getUnsignedByte(datagram.readerIndex() + 1) & 0xe0) == 0xc0) {
            onRtcp(datagram);
        } else {
            onRtp(datagram);
        }
    }

    /** The handshake has something for us. */
    public void onDtls(long now) {
        this.now = now;
        dtls.drain(new DtlsOutput());
    }

    public long nextTimeout() {
        if (ice == null) {
            return Long.MAX_VALUE;
        }
        long next = checking ? ice.nextTimeout() : Long.MAX_VALUE;
        if (restarted != null) {
            next = Math.min(next, restarted.nextTimeout());
        }
        return connected() ? Math.min(next, media.nextTimeout()) : next;
    }

    public void onTimeout(long now) {
        this.now = now;
        if (ice == null) {
            return;
        }
        if (checking) {
            ice.onTimeout(now, iceOutput);
        }
        if (restarted != null) {
            restarted.onTimeout(now, iceOutput);
        }
        if (connected()) {
            media.onTimeout(now);
        }
    }

    /** Says close_notify and ends the handshake's thread. */
    public void close() {
        if (dtls != null) {
            dtls.close();
        }
    }

    public boolean connected() {
        return protector != null;
    }

    /** Why there is no connection, or null. */
    public String failure() {
        return failure;
    }

    /** Null before the handshake is through. */
    public SrtpProfile profile() {
        return profile;
    }

    /** Where it sends; null before the first answered check. */
    public Route route() {
        return ice == null ? null : ice.selected();
    }

    public ClientMedia media() {
        return media;
    }

    public Collection<ReceivedSlot> slots() {
        return media.slots();
    }

    /** Media that came before our own keys were there: the server has its own a moment earlier. */
    public int early() {
        return early;
    }

    /** Media that did not get through SRTP, by reason. */
    public Map<SrtpResult, Integer> refused() {
        return refused;
    }

    /** When the last datagram came; -1: none yet. */
    public long lastReceived() {
        return lastReceived;
    }

    public int datagramsReceived() {
        return datagramsReceived;
    }

    private void onStun(Route from, ByteBuf datagram) {
        ice.onStun(now, from, datagram, iceOutput);
        if (restarted != null) {
            restarted.onStun(now, from, datagram, iceOutput);
            if (restarted.selected() != null) {
                ice = restarted;
                restarted = null;
            }
        }
        if (ice.selected() != null && !dtlsStarted) {
            dtlsStarted = true;
            dtls.start();
        }
    }

    private void onRtp(ByteBuf datagram) {
        if (!view.wrapHeader(datagram)) {
            refused.merge(SrtpResult.TOO_SHORT, 1, Integer::sum);
            return;
        }
        SrtpResult result = unprotector.unprotectRtp(datagram, view.headerBytes(), view.ssrc(), view.sequence());
        if (result == SrtpResult.OK && view.wrap(datagram)) {
            media.onRtp(now, view);
        } else {
            refused.merge(result, 1, Integer::sum);
        }
    }

    private void onRtcp(ByteBuf datagram) {
        SrtpResult result = unprotector.unprotectRtcp(datagram);
        if (result == SrtpResult.OK) {
            media.onRtcp(now, datagram);
        } else {
            refused.merge(result, 1, Integer::sum);
        }
    }

    /** Takes the buffer. */
    private void send(ByteBuf datagram) {
        Route route = route();
        if (route == null) {
            datagram.release();
        } else {
            surroundings.output().send(route, datagram);
        }
    }

    private final class MediaWire implements ClientMedia.Wire {
        private int transportSequence;

        @Override
        public ByteBuf buffer(int bytes) {
            return surroundings.buffers().buffer(bytes);
        }

        @Override
        public int transportSequence() {
            return transportSequence++ & 0xffff;
        }

        @Override
        public void send(ByteBuf packet, int headerBytes, long index) {
            protector.protectRtp(packet, headerBytes, index);
            TestClient.this.send(packet);
        }

        @Override
        public void sendRtcp(ByteBuf compound) {
            if (compound.isReadable()) {
                protector.protectRtcp(compound);
                TestClient.this.send(compound);
            } else {
                compound.release();
            }
        }
    }

    private final class IceOutput implements IceAgent.Output {
        @Override
        public void send(Route to, ByteBuf datagram) {
            surroundings.output().send(to, datagram);
        }

        @Override
        public void validated(Route route) {
            // The selected one is asked for at each packet.
        }

        @Override
        public void forgotten(Route route) {
            // A client forgets nothing.
        }

        @Override
        public void selected(Route route) {
            // The selected one is asked for at each packet.
        }

        @Override
        public void dropped(IceDrop reason) {
            // Of two clients in a restart one does not know the answer to the other's check.
        }
    }

    private final class DtlsOutput implements DtlsConnection.Output {
        @Override
        public void send(ByteBuf datagram) {
            TestClient.this.send(datagram);
        }

        @Override
        public void connected(int srtpProfile, byte[] keyingMaterial) {
            profile = SrtpProfile.byId(srtpProfile).orElseThrow();
            SrtpKeys clients = SrtpKeys.client(profile, keyingMaterial);
            SrtpKeys servers = SrtpKeys.server(profile, keyingMaterial);
            protector = new SrtpProtector(profile, plan.dtlsPassive() ? servers : clients);
            unprotector = new SrtpUnprotector(profile, plan.dtlsPassive() ? clients : servers);
            media.start(now);
        }

        @Override
        public void failed(String reason) {
            failure = reason;
        }

        @Override
        public void closed() {
            failure = "closed by the other side";
        }
    }
}
