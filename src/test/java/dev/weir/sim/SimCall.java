package dev.weir.sim;

import dev.weir.client.ClientPlan;
import dev.weir.client.ReceivedSlot;
import dev.weir.client.SlotChecks;
import dev.weir.client.TestClient;
import dev.weir.dtls.DtlsCertificate;
import dev.weir.dtls.LockstepDtls;
import dev.weir.ice.Route;
import dev.weir.rtp.MediaKind;
import dev.weir.rtp.NtpTime;
import dev.weir.sdp.MediaOffer;
import dev.weir.signal.HttpRequest;
import dev.weir.signal.HttpUse;
import dev.weir.signal.Request;
import dev.weir.signal.RoomOptions;
import dev.weir.signal.ShardAnswer;
import dev.weir.signal.ShardRequest;
import dev.weir.signal.Snapshot;
import dev.weir.signal.Source;
import dev.weir.srtp.Ciphers;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetric;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** A call in simulated time, all of it from one seed: a room, its branch, clients and the network between. */
final class SimCall implements AutoCloseable {
    static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);
    static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    /** What was sent this long ago has arrived, by retransmission if need be, or never will. */
    private static final long ON_ITS_WAY_NANOS = SECOND;

    private static final int FIRST_PORT = 50_000;

    final SimNetwork network;
    final SimServer server;
    final List<Person> people = new ArrayList<>();
    long now;

    private final long seed;
    private final SecureRandom random;
    private final LockstepDtls lockstep = new LockstepDtls();

    private final ByteBufAllocator buffers;

    /** With buffers that are counted, and {@link #close} looks whether all were given back. */
    SimCall(long seed) {
        this(seed, RoomOptions.defaults(SimServer.PLACE.room()));
    }

    SimCall(long seed, RoomOptions options) {
        this(seed, new UnpooledByteBufAllocator(true, true), Ciphers.jdk(), options);
    }

    SimCall(long seed, ByteBufAllocator buffers, Ciphers ciphers, RoomOptions options) {
        this.seed = seed;
        this.buffers = buffers;
        this.random = seeded(seed);
        this.network = new SimNetwork(seed);
        this.server = new SimServer(network, lockstep, random, buffers, ciphers, options);
    }

    /** One who takes part. */
    final class Person {
        final String name;
        final TestClient client;
        final String sessionId;
        final String participantId;
        InetSocketAddress address;
        private UnaryOperator<MediaOffer> edit;

        private Person(String name, ClientPlan plan, Conditions conditions, UnaryOperator<MediaOffer> edit) {
            this.name = name;
            this.edit = edit;
            address = new InetSocketAddress("198.51.100.1", FIRST_PORT + people.size());
            client = new TestClient(
                    plan,
                    new TestClient.Surroundings(
                            DtlsCertificate.generate(random),
                            random,
                            machine -> lockstep.threads(() -> machine.onDtls(now)),
                            buffers,
                            NtpTime.UNIX_EPOCH_NANOS + (1 + people.size()) * 1_000 * SECOND,
                            (to, datagram) -> network.send(now, to, datagram)));
            network.attach(address, client::onDatagram, conditions);
            ShardAnswer.Joined joined = server.join(now, name);
            sessionId = joined.sessionId();
            participantId = joined.participantId();
            offer();
        }

        /** What becomes of his offers from now on. */
        void edit(UnaryOperator<MediaOffer> by) {
            edit = by;
        }

        /** Negotiates, for the first time or anew. */
        ShardAnswer.Answered offer() {
            MediaOffer offer = edit.apply(client.offer());
            List<ShardRequest.TrackDeclaration> tracks = new ArrayList<>();
            for (MediaOffer.Section section : offer.sections()) {
                if (section.sending() && section.active()) {
                    boolean camera = section.kind() == MediaKind.VIDEO;
                    tracks.add(new ShardRequest.TrackDeclaration(
                            section.mid(), camera ? Source.CAMERA : Source.MICROPHONE));
                }
            }
            ShardAnswer.Answered answer = server.offer(now, sessionId, offer, tracks);
            client.onAnswer(now, answer.answer(), new Route(address, SimServer.ADDRESS));
            return answer;
        }

        /** Shows these people's cameras, most important first, at this height. */
        void view(int height, Person... shown) {
            List<Request.Tile> tiles = Arrays.stream(shown)
                    .map(person -> person.track(Source.CAMERA))
                    .map(track -> new Request.Tile(track.trackId(), height * 16 / 9, height, false))
                    .toList();
            ask(new Request.View(tiles, false, List.of()));
        }

        ShardAnswer ask(Request request) {
            return server.ask(now, sessionId, request);
        }

        /** From now on he keeps no socket. @param watched whom a player shows; null: who speaks */
        void liveByMedia(HttpUse use, Person watched) {
            String id = watched == null ? null : watched.participantId;
            ShardRequest.LiveByMedia how = new ShardRequest.LiveByMedia(sessionId, use, id, Long.MAX_VALUE);
            server.ask(now, branch -> branch.liveByMedia(now, branch.session(sessionId), how));
        }

        ShardAnswer ask(HttpUse use, HttpRequest request) {
            ShardRequest.OfHttp ask = new ShardRequest.OfHttp(sessionId, SimServer.PLACE.room(), use, request);
            return server.ask(now, branch -> branch.ask(now, branch.session(sessionId), ask));
        }

        boolean sessionIsThere() {
            return server.hasSession(sessionId);
        }

        Snapshot.Track track(Source source) {
            return server.tracks().stream()
                    .filter(track -> track.participantId().equals(participantId) && track.source() == source)
                    .findFirst()
                    .orElseThrow();
        }

        /** His slots that ever carried a picture, in the order of the offer. */
        List<ReceivedSlot> pictures() {
            return client.slots().stream()
                    .filter(slot -> slot.isVideo() && !slot.packets().isEmpty())
                    .toList();
        }

        ReceivedSlot picture() {
            return pictures().getFirst();
        }

        /** Whatever is not as the contract of a slot has it. */
        List<String> faults() {
            return client.slots().stream()
                    .flatMap(slot -> SlotChecks.faults(slot).stream())
                    .map(fault -> name + ": " + fault)
                    .toList();
        }

        /** Numbers that never came, on all slots. */
        int missing() {
            return client.slots().stream().mapToInt(this::missing).sum();
        }

        int missing(ReceivedSlot slot) {
            return SlotChecks.missing(slot, now - ON_ITS_WAY_NANOS);
        }
    }

    Person join(String name, ClientPlan plan, Conditions conditions) {
        return join(name, plan, conditions, UnaryOperator.identity());
    }

    /** @param edit what becomes of his offers */
    Person join(String name, ClientPlan plan, Conditions conditions, UnaryOperator<MediaOffer> edit) {
        Person person = new Person(name, plan, conditions, edit);
        people.add(person);
        return person;
    }

    /** Everyone shows everyone else. */
    void viewAll(int height) {
        for (Person person : people) {
            person.view(height, people.stream().filter(other -> other != person).toArray(Person[]::new));
        }
    }

    /** Goes from event to event for so long. */
    SimCall run(long nanos) {
        long until = now + nanos;
        settle();
        while (true) {
            long next = Math.min(Math.min(network.nextTimeout(), lockstep.nextTimeout()), server.nextTimeout());
            for (Person person : people) {
                next = Math.min(next, person.client.nextTimeout());
            }
            if (next > until) {
                break;
            }
            now = Math.max(now, next);
            server.at(now);
            step();
        }
        now = until;
        return this;
    }

    private void step() {
        // What comes at one moment is there before a handshake's thread gets its turn.
        network.deliver(now);
        settle();
        for (Person person : people) {
            if (now >= person.client.nextTimeout()) {
                person.client.onTimeout(now);
            }
        }
        server.onTimeout(now);
        settle();
    }

    private void settle() {
        lockstep.settle(now);
        server.handOn();
    }

    /** Ends all connections; whatever buffer is not given back then is lost. */
    @Override
    public void close() {
        people.forEach(person -> person.client.close());
        server.close(now);
        run(SECOND);
        network.close();
        boolean counted = buffers instanceof UnpooledByteBufAllocator;
        ByteBufAllocatorMetric metric = ((ByteBufAllocatorMetricProvider) buffers).metric();
        long heap = metric.usedHeapMemory();
        long direct = metric.usedDirectMemory();
        if (counted && heap + direct != 0
                || lockstep.liveThreads() != 0
                || server.routes() + server.ufrags() + server.openCiphers() != 0) {
            throw new AssertionError("left behind: " + heap + " bytes on the heap, " + direct + " off it, "
                    + lockstep.liveThreads() + " threads, " + server.routes() + " routes, " + server.ufrags()
                    + " user fragments, " + server.openCiphers() + " ciphers; " + this);
        }
    }

    @Override
    public String toString() {
        return "seed " + seed + ", at " + now / MILLI + " ms, dropped " + server.drops();
    }

    private static SecureRandom seeded(long seed) {
        try {
            SecureRandom random = SecureRandom.getInstance("SHA1PRNG");
            random.setSeed(seed);
            return random;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has it", e);
        }
    }
}
