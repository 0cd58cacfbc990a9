package dev.weir.shard;

import dev.weir.client.ClientPlan;
import dev.weir.client.SlotChecks;
import dev.weir.client.TestClient;
import dev.weir.dtls.DtlsConnection;
import dev.weir.ice.Route;
import dev.weir.rtp.MediaKind;
import dev.weir.rtp.NtpTime;
import dev.weir.sdp.MediaAnswer;
import dev.weir.sdp.MediaOffer;
import dev.weir.signal.Request;
import dev.weir.signal.RoomPlace;
import dev.weir.signal.ShardAnswer;
import dev.weir.signal.ShardRequest;
import dev.weir.signal.Source;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;

/** One client with a socket of its own on loopback, and his session on the server. */
final class LiveClient {
    private static final int SOCKET_BUFFER_BYTES = 4 << 20;
    private static final int MAX_KEPT = 2_000;

    final String name;
    final RoomPlace place;
    final ShardAnswer.Joined joined;

    private final LiveClients driver;
    private final LiveServer server;
    private final TestClient machine;
    private final ByteBuffer incoming = ByteBuffer.allocate(2_048);
    private final List<byte[]> sentMedia = new ArrayList<>();
    private DatagramChannel channel;
    private InetSocketAddress local;
    private MediaAnswer answer;

    LiveClient(LiveClients driver, LiveServer server, String room, String name, ClientPlan plan) throws Exception {
        this.driver = driver;
        this.server = server;
        this.name = name;
        machine = new TestClient(
                plan,
                new TestClient.Surroundings(
                        driver.certificate,
                        driver.random,
                        HandshakeThread::new,
                        new UnpooledByteBufAllocator(false, true),
                        NtpTime.UNIX_EPOCH_NANOS,
                        this::send));
        place = server.place(room);
        joined = server.join(place, name);
    }

    /** Belongs to the driver's thread, as all that it holds. */
    TestClient machine() {
        return machine;
    }

    void open(Selector selector) throws IOException {
        channel = DatagramChannel.open()
                .setOption(StandardSocketOptions.SO_RCVBUF, SOCKET_BUFFER_BYTES)
                .bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0));
        local = (InetSocketAddress) channel.getLocalAddress();
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_READ, this);
    }

    /** Sends an offer by way of the bus and takes the answer. */
    void negotiate() throws Exception {
        MediaOffer offer = driver.on(machine::offer);
        List<ShardRequest.TrackDeclaration> tracks = offer.sections().stream()
                .filter(section -> section.sending() && section.active())
                .map(section -> new ShardRequest.TrackDeclaration(
                        section.mid(), section.kind() == MediaKind.VIDEO ? Source.CAMERA : Source.MICROPHONE))
                .toList();
        ShardRequest.Offer request = new ShardRequest.Offer(joined.sessionId(), offer, tracks);
        answer = ((ShardAnswer.Answered) server.ask(place.mediaShard(), request)).answer();
        driver.on(() -> {
            machine.onAnswer(driver.now(), answer, new Route(local, serverAddress()));
            return null;
        });
    }

    /** Shows all cameras that there are. */
    void viewAll(int height) throws Exception {
        List<Request.Tile> tiles = server.cameras(joined, name).stream()
                .map(track -> new Request.Tile(track, height * 16 / 9, height, false))
                .toList();
        ask(new Request.View(tiles, false, List.of()));
    }

    ShardAnswer ask(Request request) throws Exception {
        return server.ask(place.mediaShard(), new ShardRequest.Ask(joined.sessionId(), request));
    }

    /** The server's socket on loopback, as its answer has it. */
    InetSocketAddress serverAddress() {
        return answer.candidates().stream()
                .filter(candidate -> candidate.address().equals("127.0.0.1"))
                .map(candidate -> new InetSocketAddress(candidate.address(), candidate.port()))
                .findFirst()
                .orElseThrow();
    }

    MediaAnswer answer() {
        return answer;
    }

    int localPort() {
        return local.getPort();
    }

    /** Sends anything from this client's own address. Any thread. */
    void spoof(byte[] datagram) throws IOException {
        channel.send(ByteBuffer.wrap(datagram), serverAddress());
    }

    /** SRTP and SRTCP as it left, the last of it. */
    List<byte[]> sentMedia() {
        return sentMedia;
    }

    boolean hears() {
        return machine.slots().stream()
                .anyMatch(slot -> !slot.isVideo() && !slot.packets().isEmpty());
    }

    int framesShown() {
        return machine.slots().stream().mapToInt(slot -> slot.decoded().size()).sum();
    }

    List<String> faults() {
        return machine.slots().stream()
                .flatMap(slot -> SlotChecks.faults(slot).stream())
                .toList();
    }

    int missing() {
        long by = driver.now() - 500_000_000L;
        return machine.slots().stream()
                .mapToInt(slot -> SlotChecks.missing(slot, by))
                .sum();
    }

    void read(long now) {
        try {
            while (channel.isOpen()) {
                incoming.clear();
                InetSocketAddress from = (InetSocketAddress) channel.receive(incoming);
                if (from == null) {
                    return;
                }
                incoming.flip();
                machine.onDatagram(now, new Route(local, from), Unpooled.wrappedBuffer(incoming));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void close() {
        try {
            machine.close();
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void send(Route to, ByteBuf datagram) {
        try {
            if (!channel.isOpen()) {
                return;
            }
            if ((datagram.getByte(datagram.readerIndex()) & 0xc0) == 0x80) {
                if (sentMedia.size() == MAX_KEPT) {
                    sentMedia.subList(0, MAX_KEPT / 2).clear();
                }
                sentMedia.add(ByteBufUtil.getBytes(datagram));
            }
            channel.send(datagram.nioBuffer(), to.remote());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            datagram.release();
        }
    }

    private final class HandshakeThread implements DtlsConnection.Threads {
        private final TestClient client;

        HandshakeThread(TestClient client) {
            this.client = client;
        }

        @Override
        public void start(Runnable handshake) {
            Thread.ofVirtual().name("live-client-dtls").start(handshake);
        }

        @Override
        public void wake() {
            driver.submit(() -> client.onDtls(driver.now()));
        }
    }
}
