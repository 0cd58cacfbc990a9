package dev.weir.load;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.ContextInternal;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * One client's UDP socket on his loop, since a server knows people by their address. The only class here to touch
 * Vert.x's internals.
 */
final class ClientSocket {
    private static final int DATAGRAM_BYTES = 2_048;

    /** A frame of the largest layer in one read, seldom more: a read's buffer lives until its last datagram is done. */
    private static final int DATAGRAMS_PER_READ = 8;

    private static final int READS_PER_TURN = 4;

    /** A pause of the generator of half a second at 1.5 Mbit/s; the kernel may give less. */
    private static final int SOCKET_BUFFER_BYTES = 512 * 1024;

    /** What the socket tells its client. */
    interface Receiver {
        /** Borrowed for the call. */
        void onDatagram(InetSocketAddress from, ByteBuf datagram);

        void onBatchEnd();
    }

    private final Channel channel;
    private final InetSocketAddress local;

    private ClientSocket(Channel channel) {
        this.channel = channel;
        this.local = (InetSocketAddress) channel.localAddress();
    }

    static Future<ClientSocket> open(Context context, InetAddress local, Receiver receiver) {
        EventLoop loop = ((ContextInternal) context).nettyEventLoop();
        boolean epoll = Epoll.isAvailable()
                && loop.parent() instanceof IoEventLoopGroup group
                && group.isIoType(EpollIoHandler.class);
        Bootstrap bootstrap = new Bootstrap()
                .group(loop)
                .channel(epoll ? EpollDatagramChannel.class : NioDatagramChannel.class)
                .option(ChannelOption.SO_RCVBUF, SOCKET_BUFFER_BYTES)
                .option(ChannelOption.SO_SNDBUF, SOCKET_BUFFER_BYTES)
                .option(
                        ChannelOption.RECVBUF_ALLOCATOR,
                        new FixedRecvByteBufAllocator(DATAGRAM_BYTES * (epoll ? DATAGRAMS_PER_READ : 1))
                                .maxMessagesPerRead(READS_PER_TURN));
        if (epoll) {
            bootstrap.option(EpollChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE, DATAGRAM_BYTES);
        }
        Promise<ClientSocket> opened = Promise.promise();
        bootstrap.handler(new Inbound(receiver)).bind(local, 0).addListener((ChannelFuture bound) -> {
            if (bound.isSuccess()) {
                opened.complete(new ClientSocket(bound.channel()));
            } else {
                opened.fail(bound.cause());
            }
        });
        return opened.future();
    }

    InetSocketAddress local() {
        return local;
    }

    /** Queues for the next {@link #flush}; takes the buffer. @return false: the socket is full or closed, dropped */
    boolean send(InetSocketAddress to, ByteBuf datagram) {
        if (!channel.isWritable()) {
            datagram.release();
            return false;
        }
        channel.write(new DatagramPacket(datagram, to), channel.voidPromise());
        return true;
    }

    void flush() {
        channel.flush();
    }

    void close() {
        channel.close();
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
                    receiver.onDatagram(packet.sender(), packet.content());
                }
            } finally {
                ReferenceCountUtil.release(message);
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            receiver.onBatchEnd();
        }

        /** A refusal by ICMP, when the server is gone, shows in the counts. */
        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            receiver.onBatchEnd();
        }
    }
}
