package dev.weir.shard;

import dev.weir.ice.Route;
import dev.weir.sdp.MediaAnswer;
import io.netty.buffer.ByteBuf;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The sockets of one shard, one for each local address, kept in step with the machine's addresses. */
final class Ports {
    /** How often the machine is asked for its addresses. */
    private static final long REFRESH_MS = 10_000;

    private static final Logger LOG = LoggerFactory.getLogger(Ports.class);

    private final Vertx vertx;
    private final Context context;
    private final int port;
    private final List<InetAddress> advertised;
    private final boolean segments;
    private final UdpPort.Receiver receiver;
    private final Map<InetAddress, UdpPort> open = new LinkedHashMap<>();
    private List<MediaAnswer.Candidate> candidates = List.of();

    /** @param segments whether runs may leave in one piece */
    Ports(
            Vertx vertx,
            Context context,
            int port,
            List<InetAddress> advertised,
            boolean segments,
            UdpPort.Receiver receiver) {
        this.vertx = vertx;
        this.context = context;
        this.port = port;
        this.advertised = advertised;
        this.segments = segments;
        this.receiver = receiver;
    }

    /** Binds all addresses; fails when one that is there cannot be bound, and then leaves none bound. */
    Future<Void> open() {
        return vertx.executeBlocking(LocalAddresses::find)
                .compose(addresses ->
                        Future.join(addresses.stream().map(this::bind).toList()))
                .onSuccess(_ -> warnOfSmallBuffers())
                .onSuccess(
                        _ -> LOG.info("runs of packets: {}", segmenting() ? "cut by the kernel (GSO)" : "sent singly"))
                .onSuccess(_ -> vertx.setPeriodic(REFRESH_MS, _ -> refresh()))
                .<Void>mapEmpty()
                .recover(cause -> close().transform(_ -> Future.failedFuture(cause)));
    }

    /** As of now. Any thread of this shard. */
    List<MediaAnswer.Candidate> candidates() {
        return candidates;
    }

    /** Takes the buffer. @return false: dropped, the socket is full or gone */
    boolean send(Route to, ByteBuf datagram) {
        UdpPort from = open.get(to.local().getAddress());
        if (from == null) {
            datagram.release();
            return false;
        }
        return from.send(to.remote(), datagram);
    }

    /** Takes the buffer. @return how many sends that is for the kernel; 0: dropped, the socket is full or gone */
    int sendRun(Route to, ByteBuf run, int segmentBytes) {
        UdpPort from = open.get(to.local().getAddress());
        if (from == null) {
            run.release();
            return 0;
        }
        return from.sendRun(to.remote(), run, segmentBytes);
    }

    /** Whether runs leave in one piece, as far as the kernel goes. */
    boolean segmenting() {
        return open.values().stream().anyMatch(UdpPort::segments);
    }

    void flush() {
        open.values().forEach(UdpPort::flush);
    }

    Future<Void> close() {
        return Future.join(open.values().stream().map(UdpPort::close).toList()).mapEmpty();
    }

    private Future<Void> bind(InetAddress address) {
        return UdpPort.open(context, new InetSocketAddress(address, port), segments, receiver)
                .onSuccess(bound -> {
                    open.put(address, bound);
                    renew();
                })
                .mapEmpty();
    }

    private void refresh() {
        vertx.executeBlocking(LocalAddresses::find).onSuccess(found -> {
            for (InetAddress gone : List.copyOf(open.keySet())) {
                if (!found.contains(gone)) {
                    LOG.info("address {} is gone", gone.getHostAddress());
                    open.remove(gone).close();
                    renew();
                }
            }
            for (InetAddress address : found) {
                if (!open.containsKey(address)) {
                    LOG.info("address {} is new", address.getHostAddress());
                    bind(address).onFailure(cause -> LOG.warn("{}", cause.getMessage()));
                }
            }
        });
    }

    /** In the order in which the machine's addresses are preferred, whichever was bound first. */
    private void renew() {
        List<InetSocketAddress> bound = new ArrayList<>();
        open.values().forEach(socket -> bound.add(socket.local()));
        bound.sort(LocalAddresses.BEST_FIRST);
        candidates = Candidates.of(bound, advertised);
    }

    private void warnOfSmallBuffers() {
        int given = open.values().iterator().next().receiveBufferBytes();
        if (given < UdpPort.SOCKET_BUFFER_BYTES) {
            LOG.warn(
                    "the kernel gives UDP sockets {} kB of buffer instead of {}: under load packets may be lost;"
                            + " raise net.core.rmem_max and net.core.wmem_max",
                    given / 1024,
                    UdpPort.SOCKET_BUFFER_BYTES / 1024);
        }
    }
}
