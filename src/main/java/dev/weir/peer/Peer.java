package dev.weir.peer;

import dev.weir.dtls.DtlsConnection;
import dev.weir.dtls.DtlsParameters;
import dev.weir.dtls.Fingerprint;
import dev.weir.ice.IceAgent;
import dev.weir.ice.Route;
import dev.weir.media.Forwarder;
import dev.weir.media.OutgoingRtp;
import dev.weir.media.PacketSink;
import dev.weir.media.SendStream;
import dev.weir.media.Track;
import dev.weir.rtp.RtcpWriter;
import dev.weir.rtp.RtpView;
import dev.weir.sdp.MediaOffer;
import dev.weir.srtp.SrtpKeys;
import dev.weir.srtp.SrtpProfile;
import dev.weir.srtp.SrtpProtector;
import dev.weir.srtp.SrtpResult;
import dev.weir.srtp.SrtpUnprotector;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * A participant's WebRTC connection. Datagrams of its routes come in, are told apart (RFC 7983), authenticated, and
 * handed on; packets of forwarders leave through it. Owned by its shard's loop.
 *
 * <p>Unlike other machines a peer has its {@link Output} for life: a packet that comes in at one peer goes out at many.
 * A {@link Owner} may call back.
 */
public final class Peer implements PacketSink, Track.Publisher {
    /** The longest datagram that we take: Ethernet's, and some. */
    public static final int MAX_DATAGRAM_BYTES = 1_600;

    /** Slots of one connection. Each costs next to nothing until it carries something. */
    public static final int MAX_SLOTS = 256;

    /** The peer's way to the world. Must not call back. */
    public interface Output {
        /** Sends a datagram; the callee owns the buffer. */
        void send(Route to, ByteBuf datagram);

        /**
         * Sends packets one behind the other, all of {@code segmentBytes} but for the last, which may be shorter; the
         * callee owns the buffer.
         *
         * @param since when the first of them was ready to leave
         * @return false: the socket is full, and nothing of it was sent
         */
        boolean sendRun(Route to, ByteBuf run, int segmentBytes, int packets, long since);

        /** Something came for the peer: {@link #endTurn} is due at the end of this turn. */
        void turns(Peer peer);

        /** Checks for this user fragment are the peer's. */
        void expects(Peer peer, String ufrag);

        /** Checks for this user fragment are nobody's any more. */
        void retired(String ufrag);

        /** From now on datagrams of this route are the peer's. */
        void routed(Peer peer, Route route);

        void unrouted(Peer peer, Route route);

        /** A DTLS handshake ended, one way or the other. */
        void handshake(boolean completed);

        void dropped(DropReason reason);
    }

    /** Whose connection it is. */
    public interface Owner {
        /** The keys are there: media can flow. */
        void connected(long now);

        /** The connection is over; the owner closes the peer. @param reason for the log */
        void ended(long now, String reason);
    }

    private final PeerSettings settings;
    private final Output out;
    private final Owner owner;
    private final Ingress ingress;
    private final Egress egress;
    private final IcePath path;
    private final DtlsConnection dtls;
    /** Whether the DTLS handshake is ours to begin. */
    private final boolean begins;

    private final List<Fingerprint> fingerprints;
    private final int ownSsrc;
    private final RtpView header = new RtpView();
    private final DtlsOutput dtlsOutput = new DtlsOutput();
    private final Reports reports;
    private final OwnReports ownReports;

    private SrtpUnprotector unprotector;
    private SrtpProtector protector;
    private Route dtlsRoute;
    private long now;
    private long lastAuthenticated;
    private boolean closed;

    /** Whether the output knows that the end of the turn is due. */
    private boolean turning;

    private final Deadlines.Timer timer;

    /** @param offer with credentials and at least one fingerprint that {@link Fingerprint#of} takes */
    public Peer(long now, PeerSettings settings, MediaOffer offer, String cname, Owner owner) {
        this.settings = settings;
        this.out = settings.output();
        this.owner = owner;
        this.now = now;
        this.lastAuthenticated = now;
        this.fingerprints = fingerprints(offer);
        this.path = new IcePath(this, settings, offer);
        this.begins = offer.dtlsPassive();
        this.dtls = new DtlsConnection(
                begins
                        ? DtlsParameters.client(settings.certificate(), fingerprints)
                        : DtlsParameters.server(settings.certificate(), fingerprints),
                settings.random(),
                settings.threads().apply(this));
        this.ownSsrc = settings.random().nextInt();
        this.ingress = new Ingress(this::forget);
        this.egress = new Egress(
                settings.buffers(),
                settings.runBuffers(),
                settings.ntpOfStart(),
                cname,
                settings.runs(),
                this::sendRun,
                out::dropped);
        this.reports = new Reports(ingress, egress);
        this.ownReports = new OwnReports(ingress, egress, settings.buffers(), ownSsrc, this::sendRtcp);
        this.timer = settings.deadlines().timer(this::onDeadline);
    }

    /** Whether a new offer is of this same connection, by the certificate. */
    public boolean isSameConnection(MediaOffer offer) {
        return fingerprints(offer).equals(fingerprints);
    }

    /**
     * Takes a further offer: what is published, and an ICE restart where the browser's credentials changed.
     *
     * @param tracks of the sending m-lines, by mid
     * @return whether our credentials are new
     */
    public boolean update(MediaOffer offer, Map<String, Track> tracks) {
        ingress.update(offer.sections(), tracks);
        return path.update(offer);
    }

    /** Adds a slot with the extension ids of its m-line. */
    public void addSlot(Forwarder forwarder, MediaOffer.Section section) {
        egress.add(forwarder, section.extensions());
    }

    public int slotCount() {
        return egress.slotCount();
    }

    /** Ours, for the answer. */
    public String localUfrag() {
        return path.local().ufrag();
    }

    public String localPwd() {
        return path.local().pwd();
    }

    public boolean connected() {
        return protector != null;
    }

    /** When something came that only the real other side can have sent. */
    public long lastAuthenticated() {
        return lastAuthenticated;
    }

    /** What the path to this viewer carries, in bits per second; {@link Long#MAX_VALUE} before anything is known. */
    public long estimateBps() {
        return egress.estimator().measured() ? egress.estimator().estimateBps() : Long.MAX_VALUE;
    }

    /** What of that goes to packets that are sent again. */
    public long repairBps(long now) {
        return egress.repairBps(now);
    }

    /** What this viewer would take if the path carried it: how far probing makes sense. */
    public void wanted(long now, long bps) {
        egress.estimator().wanted(now, bps);
        turn();
    }

    /** When something authenticated came last, be it media or a check: before the first, when the peer was made. */
    public long lastHeard() {
        return Math.max(lastAuthenticated, path.lastCheck());
    }

    public Traffic traffic() {
        return Traffic.of(ingress, egress);
    }

    /** Takes a datagram, which is borrowed and changed in place. */
    public void onDatagram(long now, Route from, ByteBuf datagram) {
        this.now = now;
        turn();
        if (IceAgent.looksLikeStun(datagram)) {
            path.onStun(now, from, datagram);
            begin();
        } else if (!path.validated(from)) {
            out.dropped(DtlsConnection.looksLikeDtls(datagram) ? DropReason.DTLS_UNCHECKED : DropReason.UNKNOWN_SOURCE);
        } else if (DtlsConnection.looksLikeDtls(datagram)) {
            dtlsRoute = from;
            if (!dtls.onDatagram(datagram)) {
                out.dropped(DropReason.DTLS_REFUSED);
            }
        } else if (!Datagrams.isRtp(datagram)) {
            out.dropped(DropReason.MALFORMED);
        } else if (unprotector == null) {
            out.dropped(DropReason.NOT_CONNECTED);
        } else if (Datagrams.isRtcp(datagram)) {
            onRtcp(datagram);
        } else {
            onRtp(datagram);
        }
    }

    /** Towards one who passed a check and waits for the handshake. */
    private void begin() {
        if (begins && !connected() && path.selected() != null) {
            dtlsRoute = dtlsRoute == null ? path.selected() : dtlsRoute;
            dtls.start();
        }
    }

    /** The handshake's thread has something for us: see {@link DtlsConnection.Threads#wake}. */
    public void onDtls(long now) {
        this.now = now;
        dtls.drain(dtlsOutput);
    }

    /** When something is due that must not be late. */
    private long nextTimeout() {
        return connected() ? Math.min(ingress.nextTimeout(), egress.nextTimeout()) : Long.MAX_VALUE;
    }

    /** When something is due for which a few milliseconds are nothing. */
    private long nextReview() {
        long next = path.nextTimeout();
        return connected() ? Math.min(next, Math.min(ownReports.nextTimeout(), egress.nextReview())) : next;
    }

    private void onDeadline(long now) {
        if (now >= Math.min(nextTimeout(), nextReview())) {
            onTimeout(now);
        }
        turn();
    }

    private void onTimeout(long now) {
        this.now = now;
        path.onTimeout(now);
        if (!connected()) {
            return;
        }
        if (path.isOpen(now)) {
            egress.onTimeout(now, protector);
        } else {
            egress.clear(DropReason.NO_PATH);
        }
        ingress.onTimeout(now);
        ownReports.onTimeout(now);
    }

    @Override
    public void sendRtp(long now, OutgoingRtp packet) {
        if (protector == null || !path.isOpen(now)) {
            out.dropped(DropReason.NO_PATH);
            return;
        }
        egress.send(now, packet, protector);
        turn();
    }

    @Override
    public void forgetRepairs(SendStream stream) {
        egress.forgetRepairs(stream);
    }

    @Override
    public void undecodable() {
        out.dropped(DropReason.UNDECODABLE);
    }

    private boolean sendRun(ByteBuf run, int segmentBytes, int packets, long since) {
        return out.sendRun(path.selected(), run, segmentBytes, packets, since);
    }

    private void turn() {
        if (!turning && !closed) {
            turning = true;
            out.turns(this);
        }
    }

    /**
     * The loop has nothing more to read for now: what has been gathered leaves, but for the rest of pictures that are on
     * their way.
     *
     * @return whether something is left, and so {@code endTurn} due again
     */
    public boolean endTurn(long now) {
        turning = protector != null && egress.endTurn(now, protector);
        if (!turning && !closed) {
            timer.at(nextTimeout());
            timer.about(nextReview());
        }
        return turning;
    }

    /** A track of his wants a keyframe. */
    @Override
    public void isDue(long at) {
        timer.at(at);
    }

    @Override
    public void requestKeyframe(long now, int ssrc) {
        if (!connected()) {
            return;
        }
        ByteBuf pli = settings.buffers().directBuffer(OwnReports.RTCP_BYTES);
        RtcpWriter.pli(pli, ownSsrc, ssrc);
        ingress.plis++;
        sendRtcp(pli);
    }

    /** Ends the connection: tells the other side, and gives all routes and keys back. */
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        timer.cancel();
        path.close();
        dtls.close();
        egress.clear(DropReason.NO_PATH);
        if (protector != null) {
            unprotector.close();
            protector.close();
            unprotector = null;
            protector = null;
        }
    }

    private void onRtp(ByteBuf packet) {
        if (!header.wrapHeader(packet)) {
            out.dropped(DropReason.MALFORMED);
            return;
        }
        SrtpResult result = unprotector.unprotectRtp(packet, header.headerBytes(), header.ssrc(), header.sequence());
        if (result != SrtpResult.OK) {
            out.dropped(DropReason.of(result));
            return;
        }
        lastAuthenticated = now;
        DropReason drop = ingress.onRtp(now, packet);
        if (drop != null) {
            out.dropped(drop);
        }
    }

    private void onRtcp(ByteBuf packet) {
        SrtpResult result = unprotector.unprotectRtcp(packet);
        if (result != SrtpResult.OK) {
            out.dropped(DropReason.of(result));
            return;
        }
        lastAuthenticated = now;
        if (!reports.read(now, packet)) {
            out.dropped(DropReason.MALFORMED_RTCP);
        }
    }

    /** Protects and sends a compound, or lets an empty one go. Takes the buffer. */
    private void sendRtcp(ByteBuf compound) {
        if (!compound.isReadable() || protector == null || !path.isOpen(now)) {
            compound.release();
            return;
        }
        protector.protectRtcp(compound);
        out.send(path.selected(), compound);
    }

    private void forget(int ssrc) {
        if (unprotector != null) {
            unprotector.forget(ssrc);
        }
    }

    private static List<Fingerprint> fingerprints(MediaOffer offer) {
        return offer.fingerprints().stream()
                .flatMap(hash -> Fingerprint.of(hash.algorithm(), hash.hex()).stream())
                .toList();
    }

    private final class DtlsOutput implements DtlsConnection.Output {
        @Override
        public void send(ByteBuf datagram) {
            if (dtlsRoute == null) {
                datagram.release();
            } else {
                out.send(dtlsRoute, datagram);
            }
        }

        @Override
        public void connected(int srtpProfile, byte[] keyingMaterial) {
            SrtpProfile profile = SrtpProfile.byId(srtpProfile).orElseThrow();
            SrtpKeys clients = SrtpKeys.client(profile, keyingMaterial);
            SrtpKeys servers = SrtpKeys.server(profile, keyingMaterial);
            unprotector = new SrtpUnprotector(settings.ciphers(), profile, begins ? servers : clients);
            protector = new SrtpProtector(settings.ciphers(), profile, begins ? clients : servers);
            Arrays.fill(keyingMaterial, (byte) 0);
            ownReports.begin(now);
            turn();
            out.handshake(true);
            owner.connected(now);
        }

        @Override
        public void failed(String reason) {
            out.handshake(false);
            owner.ended(now, "no DTLS connection: " + reason);
        }

        @Override
        public void closed() {
            owner.ended(now, "closed by the other side");
        }
    }
}
