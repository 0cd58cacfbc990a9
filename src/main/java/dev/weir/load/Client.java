package dev.weir.load;

import dev.weir.ice.IceCredentials;
import dev.weir.rtp.RtpView;
import io.netty.buffer.ByteBuf;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One publisher, viewer or both, from his join to his leaving. Belongs to his loop. */
final class Client implements Signaling.Owner, Transport.Owner {
    /** Tracks that come one by one make one view. */
    private static final long VIEW_INTERVAL_NANOS = 250_000_000;

    /** A client that does not get so far within this time has failed. */
    private static final long JOIN_TIMEOUT_NANOS = 30_000_000_000L;

    private final LoadLoop loop;
    private final Part part;
    private final Signaling signaling;
    private final Transport transport;
    private final ClientMedia media;
    private final IceCredentials local;
    private final List<String> cameras = new ArrayList<>();

    private long started;
    private long connected = -1;
    private long somethingToGet = -1;
    private String failure;
    private int putOffs;
    private boolean answered;
    private boolean viewDue;
    private boolean closed;
    private long nextView;
    private int viewChanges;

    Client(LoadLoop loop, Part part) {
        this.loop = loop;
        this.part = part;
        this.signaling = signaling(loop, part);
        this.transport = new Transport(loop, this);
        this.media = new ClientMedia(loop, transport, part);
        this.local = IceCredentials.random(loop.secureRandom());
    }

    private static Signaling signaling(LoadLoop loop, Part part) {
        LoadPlan.Target target = loop.plan().target();
        Optional<String> http = part.sends() ? target.whip() : target.whep();
        return http.<Signaling>map(url -> new HttpExchange(loop, part, url))
                .orElseGet(() -> new RoomSocket(loop, part));
    }

    void join() {
        started = LoadLoop.now();
        if (signaling instanceof HttpExchange) {
            somethingToGet = started;
        }
        signaling.open(this);
    }

    ClientMedia media() {
        return media;
    }

    boolean isConnected() {
        return connected >= 0;
    }

    Part part() {
        return part;
    }

    boolean isClosed() {
        return closed;
    }

    boolean receives() {
        return part.receives();
    }

    /** Connected or failed. */
    boolean isSettled() {
        return isConnected() || failure != null;
    }

    /** Why there is no connection, or none any more; null while all is well. */
    String failure() {
        return failure;
    }

    /** How often the server told him to come back later. */
    int putOffs() {
        return putOffs;
    }

    long startedAt() {
        return started;
    }

    long connectedAt() {
        return connected;
    }

    /** From the join, or if that is later from when there was something to get, to the first packet; -1: none came. */
    long firstMediaNanos() {
        long first = media.firstMedia();
        return first < 0 || somethingToGet < 0 ? -1 : first - Math.max(started, somethingToGet);
    }

    /** Looks at others of the room than before. */
    void changeView() {
        viewChanges++;
        viewDue = true;
        loop.tally().viewChanges++;
    }

    long nextTimeout() {
        long next = transport.nextTimeout();
        if (transport.connected()) {
            next = Math.min(next, media.nextTimeout());
        }
        return viewDue ? Math.min(next, nextView) : next;
    }

    void onTimeout(long now) {
        transport.onTimeout(now);
        if (transport.connected()) {
            media.onTimeout(now);
        } else if (failure == null && now - started > JOIN_TIMEOUT_NANOS) {
            onFailed(answered ? "no connection within 30 s" : "no answer within 30 s");
        }
        if (viewDue && answered && now >= nextView) {
            sendView(now);
        }
        transport.flush();
    }

    void close() {
        closed = true;
        signaling.close();
        transport.close();
    }

    void closeSocket() {
        transport.closeSocket();
    }

    @Override
    public String offer() {
        return OfferText.of(part, local, loop.certificate().fingerprint(), media.cameraSsrcs());
    }

    @Override
    public void onAnswer(String sdp) {
        Optional<Answer> parsed = Answer.parse(sdp);
        if (parsed.isEmpty()) {
            onFailed("the answer lacks ICE credentials, a fingerprint or a candidate");
            return;
        }
        Answer answer = parsed.get();
        answered = true;
        media.onAnswer(answer);
        InetSocketAddress server = answer.best(loop.serverAddress());
        InetAddress own =
                server.getAddress().isLoopbackAddress() ? server.getAddress() : new InetSocketAddress(0).getAddress();
        ClientSocket.open(loop.context(), own, transport).onComplete(opened -> {
            if (opened.succeeded()) {
                transport.open(opened.result(), server, local, answer);
                onTimeout(LoadLoop.now());
            } else {
                onFailed("UDP: " + Urls.sentence(opened.cause()));
            }
        });
    }

    @Override
    public void onCamera(String trackId) {
        if (part.receives() && !cameras.contains(trackId)) {
            cameras.add(trackId);
            somethingToGet = somethingToGet < 0 ? LoadLoop.now() : somethingToGet;
            viewDue = true;
        }
    }

    @Override
    public void onCameraGone(String trackId) {
        viewDue |= cameras.remove(trackId);
    }

    @Override
    public void onLayer(String rid, boolean active) {
        media.activate(rid, active);
    }

    @Override
    public void onConnected(long now) {
        connected = now;
        media.start(now);
    }

    @Override
    public void onPutOff() {
        putOffs++;
    }

    @Override
    public void onFailed(String reason) {
        failure = failure == null ? reason : failure;
    }

    @Override
    public boolean verifies(RtpView header) {
        return media.verifies(header);
    }

    @Override
    public void onRtp(long now, RtpView packet, boolean verified) {
        media.onRtp(now, packet, verified);
    }

    @Override
    public void onRtcp(long now, ByteBuf compound) {
        media.onRtcp(now, compound);
    }

    /** As many as he can show, beginning elsewhere in the room than his neighbour. */
    private void sendView(long now) {
        viewDue = false;
        nextView = now + VIEW_INTERVAL_NANOS;
        int shown = Math.min(part.videoSlots(), cameras.size());
        List<String> tiles = new ArrayList<>(shown);
        for (int i = 0; i < shown; i++) {
            tiles.add(cameras.get((part.place() + viewChanges * part.videoSlots() + i) % cameras.size()));
        }
        signaling.view(tiles, loop.plan().media().tileHeight());
    }
}
