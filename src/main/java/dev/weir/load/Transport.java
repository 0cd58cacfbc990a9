package dev.weir.load;

import dev.weir.dtls.DtlsConnection;
import dev.weir.dtls.DtlsParameters;
import dev.weir.dtls.DtlsRole;
import dev.weir.ice.IceAgent;
import dev.weir.ice.IceClient;
import dev.weir.ice.IceCredentials;
import dev.weir.ice.IceDrop;
import dev.weir.ice.Route;
import dev.weir.rtp.RtpView;
import dev.weir.srtp.SrtpKeys;
import dev.weir.srtp.SrtpProfile;
import dev.weir.srtp.SrtpProtector;
import dev.weir.srtp.SrtpResult;
import dev.weir.srtp.SrtpUnprotector;
import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;

/** A client's socket with ICE, DTLS and SRTP on it. Belongs to its loop. */
final class Transport implements ClientSocket.Receiver {
    private static final int RTCP_TYPES_MASK = 0xe0;
    private static final int RTCP_TYPES = 0xc0;
    private static final int MIN_MEDIA_BYTES = 8;

    /** Whom it carries for. */
    interface Owner {
        void onConnected(long now);

        void onFailed(String reason);

        /** Whether a packet, of which only the header can be read yet, is to be decrypted and checked. */
        boolean verifies(RtpView header);

        /** @param verified false: only the header can be read */
        void onRtp(long now, RtpView packet, boolean verified);

        void onRtcp(long now, ByteBuf compound);
    }

    private final LoadLoop loop;
    private final Owner owner;
    private final Impairment in;
    private final Impairment out;
    private final IceOutput iceOutput = new IceOutput();
    private final DtlsOutput dtlsOutput = new DtlsOutput();
    private final RtpView view;

    private ClientSocket socket;
    private InetSocketAddress remote;
    private DtlsRole role;
    private IceClient ice;
    private DtlsConnection dtls;
    private SrtpProtector protector;
    private SrtpUnprotector unprotector;
    private boolean dtlsStarted;
    private boolean unflushed;
    private boolean closed;

    Transport(LoadLoop loop, Owner owner) {
        LoadPlan.Weather weather = loop.plan().weather();
        this.loop = loop;
        this.owner = owner;
        this.view = loop.view();
        this.in = new Impairment(weather.lossIn(), weather.delayMs(), weather.jitterMs(), loop.random());
        this.out = new Impairment(weather.lossOut(), weather.delayMs(), weather.jitterMs(), loop.random());
    }

    /** Begins to check and to agree on keys. */
    void open(ClientSocket opened, InetSocketAddress server, IceCredentials local, Answer answer) {
        if (closed) {
            opened.close();
            return;
        }
        socket = opened;
        remote = server;
        role = answer.role();
        ice = new IceClient(local, answer.ice(), List.of(new Route(socket.local(), remote)), loop.secureRandom());
        DtlsParameters parameters = new DtlsParameters(
                answer.role(),
                loop.certificate(),
                List.of(answer.fingerprint()),
                List.of(loop.profile().id()),
                DtlsParameters.MTU_BYTES);
        dtls = new DtlsConnection(parameters, loop.secureRandom(), new HandshakeThread());
    }

    boolean connected() {
        return protector != null;
    }

    long nextTimeout() {
        return ice == null
                ? Long.MAX_VALUE
                : Math.min(ice.nextTimeout(), Math.min(in.nextTimeout(), out.nextTimeout()));
    }

    void onTimeout(long now) {
        if (ice == null || closed) {
            return;
        }
        ice.onTimeout(now, iceOutput);
        for (ByteBuf held = in.release(now); held != null; held = in.release(now)) {
            take(now, remote, held);
            held.release();
        }
        for (ByteBuf held = out.release(now); held != null; held = out.release(now)) {
            write(held);
        }
    }

    @Override
    public void onDatagram(InetSocketAddress from, ByteBuf datagram) {
        Tally tally = loop.tally();
        tally.packetsIn++;
        tally.bytesIn += datagram.readableBytes();
        if (ice == null || closed) {
            return;
        }
        if (in.loses()) {
            tally.droppedByUs++;
        } else if (in.holdsBack()) {
            // A copy, since the datagram is a slice of a whole read.
            in.hold(LoadLoop.now(), loop.buffer(datagram.readableBytes()).writeBytes(datagram));
        } else {
            take(LoadLoop.now(), from, datagram);
        }
    }

    @Override
    public void onBatchEnd() {
        flush();
    }

    void flush() {
        if (unflushed) {
            unflushed = false;
            socket.flush();
        }
    }

    /** Takes the buffer. */
    void sendRtp(ByteBuf packet, int headerBytes, long index) {
        protector.protectRtp(packet, headerBytes, index);
        send(packet);
    }

    /** Sends a compound if there is something in it; takes the buffer. */
    void sendRtcp(ByteBuf compound) {
        if (compound.isReadable()) {
            protector.protectRtcp(compound);
            send(compound);
        } else {
            compound.release();
        }
    }

    /** Says goodbye; what is left to be said comes from the handshake's thread, so that the socket stays for a moment. */
    void close() {
        closed = true;
        in.clear();
        out.clear();
        if (dtls != null) {
            dtls.close();
            onDtls();
        }
    }

    void closeSocket() {
        if (socket != null) {
            socket.close();
        }
    }

    private void take(long now, InetSocketAddress from, ByteBuf datagram) {
        if (IceAgent.looksLikeStun(datagram)) {
            ice.onStun(now, new Route(socket.local(), from), datagram, iceOutput);
            if (ice.selected() != null && !dtlsStarted) {
                dtlsStarted = true;
                dtls.start();
            }
        } else if (DtlsConnection.looksLikeDtls(datagram)) {
            dtls.onDatagram(datagram);
        } else if (unprotector != null && datagram.readableBytes() >= MIN_MEDIA_BYTES) {
            if ((datagram.getByte(datagram.readerIndex() + 1) & RTCP_TYPES_MASK) == RTCP_TYPES) {
                takeRtcp(now, datagram);
            } else {
                takeRtp(now, datagram);
            }
        }
    }

    private void takeRtp(long now, ByteBuf datagram) {
        if (!view.wrapHeader(datagram)) {
            loop.tally().forged++;
        } else if (!owner.verifies(view)) {
            owner.onRtp(now, view, false);
        } else {
            SrtpResult result = unprotector.unprotectRtp(datagram, view.headerBytes(), view.ssrc(), view.sequence());
            if (result == SrtpResult.OK && view.wrap(datagram)) {
                loop.tally().verified++;
                owner.onRtp(now, view, true);
            } else {
                count(result);
            }
        }
    }

    private void takeRtcp(long now, ByteBuf datagram) {
        SrtpResult result = unprotector.unprotectRtcp(datagram);
        if (result == SrtpResult.OK) {
            owner.onRtcp(now, datagram);
        } else {
            count(result);
        }
    }

    private void count(SrtpResult refused) {
        if (refused == SrtpResult.REPLAYED) {
            loop.tally().repeated++;
        } else {
            loop.tally().forged++;
        }
    }

    /** Takes the buffer. */
    private void send(ByteBuf datagram) {
        if (out.loses()) {
            loop.tally().droppedByUs++;
            datagram.release();
        } else if (out.holdsBack()) {
            out.hold(LoadLoop.now(), datagram);
        } else {
            write(datagram);
        }
    }

    private void write(ByteBuf datagram) {
        int bytes = datagram.readableBytes();
        if (socket.send(remote, datagram)) {
            loop.tally().packetsOut++;
            loop.tally().bytesOut += bytes;
            unflushed = true;
        } else {
            loop.tally().refusedBySocket++;
        }
    }

    private void onDtls() {
        dtls.drain(dtlsOutput);
        flush();
    }

    private final class IceOutput implements IceAgent.Output {
        @Override
        public void send(Route to, ByteBuf datagram) {
            Transport.this.send(datagram);
        }

        @Override
        public void validated(Route route) {
            // There is one route only.
        }

        @Override
        public void forgotten(Route route) {
            // There is one route only.
        }

        @Override
        public void selected(Route route) {
            // There is one route only.
        }

        @Override
        public void dropped(IceDrop reason) {
            // An answer to a check that has been repeated since.
        }
    }

    private final class DtlsOutput implements DtlsConnection.Output {
        @Override
        public void send(ByteBuf datagram) {
            if (closed) {
                write(datagram);
            } else {
                Transport.this.send(datagram);
            }
        }

        @Override
        public void connected(int srtpProfile, byte[] keyingMaterial) {
            SrtpProfile profile = SrtpProfile.byId(srtpProfile).orElseThrow();
            boolean client = role == DtlsRole.CLIENT;
            SrtpKeys clientKeys = SrtpKeys.client(profile, keyingMaterial);
            SrtpKeys serverKeys = SrtpKeys.server(profile, keyingMaterial);
            protector = new SrtpProtector(profile, client ? clientKeys : serverKeys);
            unprotector = new SrtpUnprotector(profile, client ? serverKeys : clientKeys);
            owner.onConnected(LoadLoop.now());
        }

        @Override
        public void failed(String reason) {
            owner.onFailed("DTLS: " + reason);
        }

        @Override
        public void closed() {
            owner.onFailed("the server closed the connection");
        }
    }

    private final class HandshakeThread implements DtlsConnection.Threads {
        @Override
        public void start(Runnable handshake) {
            Thread.ofVirtual().name("load-dtls").start(handshake);
        }

        @Override
        public void wake() {
            try {
                loop.execute(Transport.this::onDtls);
            } catch (RejectedExecutionException over) {
                // The run has ended, and with it the loop: a last goodbye that came too late.
                Thread.currentThread().interrupt();
            }
        }
    }
}
