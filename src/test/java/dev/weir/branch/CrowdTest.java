package dev.weir.branch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.rtp.MediaKind;
import dev.weir.signal.Event;
import dev.weir.signal.LeaveReason;
import dev.weir.signal.Request;
import dev.weir.signal.Role;
import dev.weir.signal.RoomRequest;
import dev.weir.signal.Roster;
import dev.weir.signal.ShardAnswer;
import dev.weir.signal.ShardRequest;
import dev.weir.signal.Snapshot;
import dev.weir.signal.Source;
import dev.weir.signal.ToSocket;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two hundred people at once, with sockets that break, in simulated time: what each client believes is what is. */
class CrowdTest {
    private static final int PEOPLE = 200;
    private static final int STEPS = 3_000;

    /** A client that believes what it is told, and nothing else. */
    private final class Client {
        final String name;
        String socket;
        ShardAnswer.Joined joined;
        boolean connected;
        Roster belief = new Roster();
        long seq;
        int read;
        final List<Event> inOrder = new ArrayList<>();

        Client(String name) {
            this.name = name;
        }

        void join() {
            boolean back = joined != null && !connected && random.nextBoolean();
            String next = name + " " + ++sockets;
            ShardRequest.Resume resume = back ? new ShardRequest.Resume(joined.resume(), seq) : null;
            ShardAnswer.Joined answer = meeting.join(next, name, resume);
            socket = next;
            read = 0;
            connected = true;
            joined = answer;
            if (!answer.resumed()) {
                seq = answer.seq();
                begin(answer.snapshot());
            }
            read();
        }

        private void begin(Snapshot snapshot) {
            belief = new Roster();
            belief.reset(new Roster.State(
                    snapshot.participants(),
                    snapshot.tracks(),
                    snapshot.speaker() == null ? Map.of() : Map.of("", snapshot.speaker()),
                    snapshot.waiting(),
                    snapshot.hands(),
                    Map.of("", snapshot.chat()),
                    Optional.ofNullable(snapshot.breakouts())));
        }

        void read() {
            List<ToSocket> sent = meeting.sockets.getOrDefault(socket, List.of());
            for (; read < sent.size(); read++) {
                if (sent.get(read) instanceof ToSocket.Deliver(long number, Event event)) {
                    assertEquals(seq + 1, number, () -> name + " lost an event or got one twice, seed " + seed);
                    seq = number;
                    belief.apply(event);
                    inOrder.add(event);
                }
            }
        }

        String id() {
            return joined.participantId();
        }
    }

    private final Meeting meeting = new Meeting(Meeting.smallRoom(1_000));
    private final List<Client> clients = new ArrayList<>();
    private Random random;
    private long seed;
    private int sockets;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void afterAnyMixOfComingGoingPublishingAndMutingAllBelieveTheSame(long seed) {
        this.seed = seed;
        random = new Random(seed);
        for (int i = 0; i < PEOPLE; i++) {
            clients.add(new Client("client " + i));
        }
        for (int step = 0; step < STEPS; step++) {
            act(clients.get(random.nextInt(PEOPLE)));
            if (step % 10 == 0) {
                meeting.pass(50);
            }
        }
        meeting.pass(31_000);
        for (Client client : clients) {
            if (client.connected) {
                client.read();
            }
        }

        Roster.State truth = truth();
        Set<String> here = new HashSet<>();
        for (Client client : clients) {
            if (client.connected) {
                here.add(client.id());
                assertEquals(
                        othersThan(client, truth),
                        othersThan(client, client.belief.state()),
                        () -> client.name + " believes something else, seed " + seed);
            }
        }
        assertEquals(here, ids(truth), "no ghosts, nobody shut out, seed " + seed);
        assertEquals(here.size(), meeting.people);
        assertTrue(here.size() > 20, "somebody is left: " + here.size());
        oneOrderForAll();
    }

    private void act(Client client) {
        if (!client.connected) {
            client.join();
            return;
        }
        client.read();
        switch (random.nextInt(12)) {
            case 0 -> {
                meeting.ask(client.joined, new Request.Leave());
                client.connected = false;
                client.joined = null;
            }
            case 1, 2 -> {
                meeting.socketGone(client.joined, client.socket, random.nextInt(3) == 0);
                client.connected = false;
            }
            case 3, 4, 5 -> meeting.offer(client.joined, sources());
            case 6, 7 -> {
                var mine = meeting.branch().session(client.joined.sessionId()).publications();
                mine.stream()
                        .findAny()
                        .ifPresent(track -> meeting.ask(
                                client.joined, new Request.Mute(track.track().trackId(), random.nextBoolean())));
            }
            case 8 -> meeting.ask(client.joined, new RoomRequest.Hand(random.nextBoolean()));
            case 9 -> meeting.ask(client.joined, new RoomRequest.Chat("word " + random.nextInt()));
            case 10 -> hostAction(client);
            default -> meeting.ask(client.joined, Request.View.NOTHING);
        }
    }

    private void hostAction(Client client) {
        Client other = clients.get(random.nextInt(PEOPLE));
        if (other.joined == null) {
            return;
        }
        meeting.ask(
                client.joined,
                switch (random.nextInt(3)) {
                    case 0 -> new RoomRequest.HostMute(Optional.of(other.id()), MediaKind.AUDIO, random.nextInt(3) > 0);
                    case 1 -> new RoomRequest.Promote(other.id(), random.nextBoolean() ? Role.COHOST : Role.GUEST);
                    default -> new RoomRequest.Lock(false);
                });
    }

    private Source[] sources() {
        return switch (random.nextInt(4)) {
            case 0 -> new Source[0];
            case 1 -> new Source[] {Source.MICROPHONE};
            case 2 -> new Source[] {Source.CAMERA};
            default -> new Source[] {Source.MICROPHONE, Source.CAMERA};
        };
    }

    /** The owner's own state, as one who comes now gets it. */
    private Roster.State truth() {
        Snapshot snapshot = meeting.join("the last").snapshot();
        Client last = new Client("the last");
        last.joined = null;
        last.begin(snapshot);
        Roster.State all = last.belief.state();
        String lastId = snapshot.participants().getLast().participantId();
        clients.stream().filter(client -> client.connected).forEach(Client::read);
        last.belief.apply(new Event.ParticipantLeave(lastId, LeaveReason.LEFT));
        clients.forEach(client -> client.belief.apply(new Event.ParticipantLeave(lastId, LeaveReason.LEFT)));
        meeting.people--;
        assertEquals(all.members().size() - 1, last.belief.state().members().size());
        return last.belief.state();
    }

    /** Everything but his own tracks and his own role, of which the others are told first or alone. */
    private static List<Object> othersThan(Client client, Roster.State state) {
        Map<String, Object> members = new TreeMap<>();
        state.members().forEach(member -> members.put(member.participantId(), member));
        Map<String, Object> tracks = new TreeMap<>();
        state.tracks().stream()
                .filter(track -> !track.participantId().equals(client.id()))
                .forEach(track -> tracks.put(track.trackId(), track));
        return List.of(members, tracks, state.hands(), state.chats().getOrDefault("", List.of()));
    }

    private static Set<String> ids(Roster.State state) {
        Set<String> ids = new HashSet<>();
        state.members().forEach(member -> ids.add(member.participantId()));
        return ids;
    }

    /** Any two events that two clients both were told came to both in the same order. */
    private void oneOrderForAll() {
        Client reference = clients.stream()
                .filter(client -> client.connected)
                .max((a, b) -> Integer.compare(a.inOrder.size(), b.inOrder.size()))
                .orElseThrow();
        // By identity: an event travels as it is, and another of the same words is another event.
        Map<Event, Integer> places = new IdentityHashMap<>();
        reference.inOrder.forEach(event -> places.put(event, places.size()));
        for (Client client : clients) {
            int last = -1;
            for (Event event : client.inOrder) {
                Integer place = places.get(event);
                if (place != null) {
                    int before = last;
                    assertTrue(place > before, () -> client.name + " saw another order, seed " + seed);
                    last = place;
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {4})
    void aThousandBreaksAndReturnsLeaveNoGhosts(long seed) {
        this.seed = seed;
        random = new Random(seed);
        Client watcher = new Client("watcher");
        watcher.join();
        for (int i = 0; i < 10; i++) {
            clients.add(new Client("client " + i));
            clients.getLast().join();
        }
        for (int cycle = 0; cycle < 1_000; cycle++) {
            Client client = clients.get(random.nextInt(clients.size()));
            if (random.nextBoolean()) {
                meeting.offer(client.joined, sources());
            }
            meeting.socketGone(client.joined, client.socket, random.nextInt(4) == 0);
            client.connected = false;
            // Sometimes at once, sometimes after he counted as gone, sometimes too late to resume.
            meeting.pass(new int[] {0, 500, 4_000, 10_000, 31_000}[random.nextInt(5)]);
            client.join();
        }
        meeting.pass(31_000);
        watcher.read();

        assertEquals(11, meeting.people);
        Set<String> expected = new HashSet<>(Set.of(watcher.id()));
        clients.forEach(client -> expected.add(client.id()));
        assertEquals(expected, ids(watcher.belief.state()), "seed " + seed);
        assertEquals(expected, ids(truth()), "seed " + seed);
    }
}
