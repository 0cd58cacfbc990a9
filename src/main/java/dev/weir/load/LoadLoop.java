package dev.weir.load;

import dev.weir.dtls.DtlsCertificate;
import dev.weir.media.ReceiveStream;
import dev.weir.rtp.NtpTime;
import dev.weir.rtp.RtpView;
import dev.weir.srtp.SrtpProfile;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;

/** One event loop of the generator with all the clients that it owns. */
final class LoadLoop extends VerticleBase {
    /** A client is looked at again after so many milliseconds at the latest. */
    private static final int MAX_WAIT_TICKS = 20;

    /** And so soon where datagrams are held back, since those come in without an announcement. */
    private static final int MAX_WAIT_TICKS_HOLDING = 4;

    private static final long TICK_NANOS = 1_000_000;

    /** From a client's last word to the end of its socket. */
    private static final long GOODBYE_MS = 300;

    private static final int MESSAGE_BYTES = 8 << 20;
    private static final int MAX_CONNECTIONS = 100_000;

    private static final long ORIGIN = System.nanoTime();
    private static final long NTP_OF_START = NtpTime.UNIX_EPOCH_NANOS + System.currentTimeMillis() * 1_000_000;

    /** What all loops of a run share, none of which changes. */
    record Common(
            LoadPlan plan,
            int run,
            DtlsCertificate certificate,
            SecureRandom secureRandom,
            InetAddress serverAddress,
            long seed) {}

    private final Common common;
    private final RandomGenerator random;
    private final RtpView view = new RtpView();
    private final long[] nacks = new long[ReceiveStream.MAX_NACKS];
    private final List<Client> clients = new ArrayList<>();
    private final Wheel<Client> wheel = new Wheel<>(now() / TICK_NANOS);

    private Tally tally = new Tally();
    private WebSocketClient webSockets;
    private HttpClient http;
    private Thread thread;
    private double viewChangesDue;
    private double replacementsDue;
    private long stirredAt;
    private boolean stirring;

    LoadLoop(Common common, int number) {
        this.common = common;
        this.random = new SplittableRandom(common.seed() + number);
    }

    /** Nanoseconds since the generator started; all its loops have the same clock. */
    static long now() {
        return System.nanoTime() - ORIGIN;
    }

    @Override
    public Future<?> start() {
        boolean trusting = plan().target().insecure();
        webSockets = vertx.createWebSocketClient(new WebSocketClientOptions()
                .setMaxConnections(MAX_CONNECTIONS)
                .setMaxMessageSize(MESSAGE_BYTES)
                .setMaxFrameSize(MESSAGE_BYTES)
                .setTrustAll(trusting)
                .setVerifyHost(!trusting));
        http = vertx.createHttpClient(
                new HttpClientOptions().setTrustAll(trusting).setVerifyHost(!trusting),
                new PoolOptions().setHttp1MaxSize(32));
        thread = Thread.currentThread();
        vertx.setPeriodic(1, _ -> onTick());
        return Future.succeededFuture();
    }

    /** Adds a client, who joins at once. */
    void join(Part part) {
        Client client = new Client(this, part);
        clients.add(client);
        client.join();
        schedule(client);
    }

    /** Has something done on this loop later, up to a quarter later than asked: nobody comes back all at once. */
    void later(long millis, Runnable task) {
        vertx.setTimer(millis + random.nextLong(millis / 4 + 1), _ -> task.run());
    }

    /** Has something done on this loop. Any thread. */
    void execute(Runnable task) {
        context.runOnContext(_ -> task.run());
    }

    /** Asks something on this loop. Any thread. */
    <T> CompletableFuture<T> ask(Callable<T> question) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        execute(() -> {
            try {
                answer.complete(question.call());
            } catch (Exception e) {
                answer.completeExceptionally(e);
            }
        });
        return answer;
    }

    List<Client> clients() {
        return clients;
    }

    /** Counts anew from here, and returns what was counted. */
    Tally takeTally() {
        Tally taken = tally;
        tally = new Tally();
        return taken;
    }

    /** Whether views change and people come and go, as the plan says. */
    void stir(boolean wanted) {
        stirring = wanted;
        stirredAt = now();
    }

    Thread thread() {
        return thread;
    }

    LoadPlan plan() {
        return common.plan();
    }

    int run() {
        return common.run();
    }

    Tally tally() {
        return tally;
    }

    DtlsCertificate certificate() {
        return common.certificate();
    }

    SecureRandom secureRandom() {
        return common.secureRandom();
    }

    InetAddress serverAddress() {
        return common.serverAddress();
    }

    SrtpProfile profile() {
        return plan().media().sha1() ? SrtpProfile.AES128_CM_HMAC_SHA1_80 : SrtpProfile.AEAD_AES_128_GCM;
    }

    RandomGenerator random() {
        return random;
    }

    Context context() {
        return context;
    }

    WebSocketClient webSockets() {
        return webSockets;
    }

    HttpClient http() {
        return http;
    }

    /** For one packet at a time. */
    RtpView view() {
        return view;
    }

    /** For one slot at a time. */
    long[] nacks() {
        return nacks;
    }

    long ntpOfStart() {
        return NTP_OF_START;
    }

    ByteBuf buffer(int bytes) {
        return ByteBufAllocator.DEFAULT.directBuffer(bytes);
    }

    private void onTick() {
        wheel.advance(now() / TICK_NANOS, this::onDue);
        if (stirring) {
            stir();
        }
    }

    private void onDue(Client client) {
        if (client.isClosed()) {
            return;
        }
        client.onTimeout(now());
        schedule(client);
    }

    private void schedule(Client client) {
        long now = now();
        int most = plan().weather().holdsBack() ? MAX_WAIT_TICKS_HOLDING : MAX_WAIT_TICKS;
        long ticks = Math.clamp((client.nextTimeout() - now) / TICK_NANOS, 1, most);
        wheel.schedule(client, now / TICK_NANOS + ticks);
    }

    private void stir() {
        long now = now();
        LoadPlan.Course course = plan().course();
        double share = (now - stirredAt) / 1e9 / course.loops();
        stirredAt = now;
        viewChangesDue += share * course.viewChangesPerSecond();
        replacementsDue += share * course.churnPerSecond();
        for (; replacementsDue >= 1; replacementsDue--) {
            replace(random.nextInt(clients.size()));
        }
        for (; viewChangesDue >= 1; viewChangesDue--) {
            Client client = clients.get(random.nextInt(clients.size()));
            if (client.receives()) {
                client.changeView();
            }
        }
    }

    /** One leaves and another does in his stead what he did. */
    private void replace(int index) {
        Client leaving = clients.get(index);
        if (!leaving.isConnected() || leaving.failure() != null) {
            return;
        }
        leaving.media().countUntilNow(tally);
        leaving.close();
        vertx.setTimer(GOODBYE_MS, _ -> leaving.closeSocket());
        Client coming = new Client(this, leaving.part());
        clients.set(index, coming);
        tally.replaced++;
        coming.join();
        schedule(coming);
    }
}
