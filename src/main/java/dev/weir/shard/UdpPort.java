package dev.weir.shard;

import dev.weir.ice.Route;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.unix.SegmentedDatagramPacket;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.ContextInternal;
import java.net.BindException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One UDP socket on the shard's own event loop, bound to one local address: a reply leaves from the address that was
 * asked. Epoll with recvmmsg where there is epoll, else NIO. The only class that touches Vert.x's internals.
 */
final class UdpPort {
    /** What is asked of the kernel for each direction, to ride out a pause of the loop. */
    static final int SOCKET_BUFFER_BYTES = 8 * 1024 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(UdpPort.class);

    /** Room for one datagram on the way in: more than Ethernet carries, so that what is too long is seen as such. */
    private static final int DATAGRAM_BYTES = 2_048;

    /** How many datagrams one read takes, and how many reads a turn has before others get theirs. */
    private static final int DATAGRAMS_PER_READ = 16;

    private static final int READS_PER_TURN = 8;

    /** Above this much unsent the socket counts as full, until it is below half. */
    private static final int MAX_UNSENT_BYTES = 8 * 1024 * 1024;

    /** What a port tells its shard. */
    interface Receiver {
        /** Borrowed for the call. */
        void onDatagram(Route from, ByteBuf datagram);

        /** The datagrams of one wake-up are through. */
        void onBatchEnd();
    }

    private final Channel channel;
    private final InetSocketAddress local;
    private final Segmentation segmentation;
    private boolean unsent;

    private UdpPort(Channel channel, boolean segments) {
        this.channel = channel;
        this.local = (InetSocketAddress) channel.localAddress();
        this.segmentation = new Segmentation(channel, segments);
        channel.pipeline().addLast(new Failures(segmentation));
    }

    /** The loop of the calling verticle. */
    static EventLoop loopOf(Context context) {
        return ((ContextInternal) context).nettyEventLoop();
    }

    /**
     * Binds. Fails with one sentence when the address cannot be had.
     *
     * @param segments whether runs may leave in one piece where the kernel can cut them
     */
    static Future<UdpPort> open(Context context, InetSocketAddress address, boolean segments, Receiver receiver) {
        EventLoop loop = loopOf(context);
        boolean epoll = Epoll.isAvailable()
                && loop.parent() instanceof IoEventLoopGroup group
                && group.isIoType(EpollIoHandler.class);
        int datagrams = epoll ? DATAGRAMS_PER_READ : 1;
        FullReads reads = new FullReads(DATAGRAM_BYTES * datagrams, datagrams, READS_PER_TURN);
        Bootstrap bootstrap = new Bootstrap()
                .group(loop)
                .channelFactory(() -> newChannel(epoll, address))
                // Received slices of its buffers are recycled; those of Netty's default allocator are garbage.
                .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                .option(ChannelOption.SO_RCVBUF, SOCKET_BUFFER_BYTES)
                .option(ChannelOption.SO_SNDBUF, SOCKET_BUFFER_BYTES)
                .option(
                        ChannelOption.WRITE_BUFFER_WATER_MARK,
                        new WriteBufferWaterMark(MAX_UNSENT_BYTES / 2, MAX_UNSENT_BYTES))
                .option(ChannelOption.RECVBUF_ALLOCATOR, reads);
        if (epoll) {
            bootstrap.option(EpollChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE, DATAGRAM_BYTES);
        }
        Promise<UdpPort> opened = Promise.promise();
        bootstrap.handler(new Inbound(receiver)).bind(address).addListener((ChannelFuture bound) -> {
            if (bound.isSuccess()) {
                opened.complete(new UdpPort(bound.channel(), segments));
            } else {
                opened.fail(new BindException(sentence(address, bound.cause())));
            }
        });
        return opened.future();
    }

    /** Of the address's own family: where a socket for IPv6 carries IPv4, the kernel maps each address. */
    private static DatagramChannel newChannel(boolean epoll, InetSocketAddress address) {
        SocketProtocolFamily family =
                address.getAddress() instanceof Inet6Address ? SocketProtocolFamily.INET6 : SocketProtocolFamily.INET;
        return epoll ? new EpollDatagramChannel(family) : new NioDatagramChannel(family);
    }

    InetSocketAddress local() {
        return local;
    }

    /** What the kernel gives of {@link #SOCKET_BUFFER_BYTES} on the way in. */
    int receiveBufferBytes() {
        return channel.config().getOption(ChannelOption.SO_RCVBUF);
    }

    /** Queues a datagram for the next {@link #flush}; takes the buffer. @return false: the socket is full, dropped */
    boolean send(InetSocketAddress to, ByteBuf datagram) {
        if (!channel.isWritable()) {
            datagram.release();
            return false;
        }
        unsent = true;
        channel.write(new DatagramPacket(datagram, to), channel.voidPromise());
        return true;
    }

    /** Whether the kernel cuts runs, see {@link #sendRun}. */
    boolean segments() {
        return segmentation.supported();
    }

    /**
     * The same with packets one behind the other, of {@code segmentBytes} each but for the last: the kernel or the device
     * cuts them apart (UDP GSO), or else we do. Takes the buffer.
     *
     * @return how many sends that is for the kernel; 0: the socket is full, dropped
     */
    int sendRun(InetSocketAddress to, ByteBuf run, int segmentBytes) {
        if (!channel.isWritable()) {
            run.release();
            return 0;
        }
        unsent = true;
        if (run.readableBytes() <= segmentBytes) {
            channel.write(new DatagramPacket(run, to), channel.voidPromise());
            return 1;
        }
        if (segmentation.servesTo(to)) {
            channel.write(new SegmentedDatagramPacket(run, segmentBytes, to), promise(to));
            return 1;
        }
        int sends = 0;
        while (run.isReadable()) {
            ByteBuf packet = run.readRetainedSlice(Math.min(segmentBytes, run.readableBytes()));
            channel.write(new DatagramPacket(packet, to), channel.voidPromise());
            sends++;
        }
        run.release();
        return sends;
    }

    private ChannelPromise promise(InetSocketAddress to) {
        if (!segmentation.watches()) {
            return channel.voidPromise();
        }
        ChannelPromise promise = channel.newPromise();
        promise.addListener(sent -> {
            if (!sent.isSuccess()) {
                segmentation.onFailure(to, sent.cause());
            }
        });
        return promise;
    }

    void flush() {
        if (unsent) {
            unsent = false;
            channel.flush();
        }
    }

    Future<Void> close() {
        Promise<Void> closed = Promise.promise();
        channel.close().addListener(done -> closed.complete());
        return closed.future();
    }

    private static String sentence(InetSocketAddress address, Throwable cause) {
        String place =
                "UDP port " + address.getPort() + " on " + address.getAddress().getHostAddress();
        String why = String.valueOf(cause.getMessage());
        if (why.contains("in use")) {
            return place + " is in use";
        }
        return why.contains("assign requested address")
                ? place + ": this machine does not have that address"
                : place + " cannot be opened: " + why;
    }

    private static final class Inbound extends ChannelInboundHandlerAdapter {
        private final Receiver receiver;

        Inbound(Receiver receiver) {
            this.receiver = receiver;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            try {
                if (message instanceof DatagramPacket packet) {
                    InetSocketAddress local =
                            (InetSocketAddress) context.channel().localAddress();
                    receiver.onDatagram(new Route(local, packet.sender()), packet.content());
                }
            } finally {
                ReferenceCountUtil.release(message);
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            receiver.onBatchEnd();
        }
    }

    /** A datagram that could not be sent or read, an ICMP refusal for example, must not end the port. */
    private static final class Failures extends ChannelInboundHandlerAdapter {
        private final Segmentation segmentation;

        Failures(Segmentation segmentation) {
            this.segmentation = segmentation;
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            segmentation.onFailure(cause);
            LOG.debug("{}: {}", context.channel().localAddress(), cause.toString());
        }
    }
}
