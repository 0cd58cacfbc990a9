package dev.weir.sim;

import static dev.weir.sim.SimCall.MILLI;
import static dev.weir.sim.SimCall.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.client.ClientPlan;
import dev.weir.client.DecodedFrame;
import dev.weir.client.ReceivedPacket;
import dev.weir.client.ReceivedSlot;
import dev.weir.ice.IceAgent;
import dev.weir.ice.Route;
import dev.weir.peer.DropReason;
import dev.weir.rtp.NtpTime;
import dev.weir.signal.Event;
import dev.weir.signal.Request;
import dev.weir.signal.Source;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What happens in the middle of a call: the network changes, what is shown changes, people change. */
class CallChangesTest {
    private static final Conditions GOOD = Conditions.GOOD.withJitter(2 * MILLI);
    private static final int CHANGE_CIPHER_SPEC = 20;
    private static final long FIRST_PROBES_NANOS = 500 * MILLI;

    /** A timestamp's unit is 11 us. */
    private static final long ROUNDING_NANOS = 20_000;

    @Test
    void anIceRestartIsNotSeen() {
        try (SimCall call = new SimCall(21)) {
            CallSimulationTest.talk(call, ClientPlan.USUAL, GOOD, 5);
            SimCall.Person ada = call.people.getFirst();
            ada.client.restartIce();
            ada.offer();
            assertEquals(3, call.server.ufrags(), "the old one until the new one is nominated");
            call.run(15 * SECOND);
            assertEquals(2, call.server.ufrags(), call::toString);
            checkUnbroken(call, 100 * MILLI);
        }
    }

    @Test
    void aClientThatMovesToAnotherNetworkGoesOn() {
        try (SimCall call = new SimCall(22)) {
            CallSimulationTest.talk(call, ClientPlan.USUAL, GOOD, 5);
            SimCall.Person ada = call.people.getFirst();
            InetSocketAddress mobile = new InetSocketAddress("203.0.113.5", 40_000);
            call.network.attach(mobile, ada.client::onDatagram, GOOD);
            ada.client.move(new Route(mobile, SimServer.ADDRESS));
            call.run(15 * SECOND);
            assertEquals(mobile, ada.client.route().local(), call::toString);
            checkUnbroken(call, 150 * MILLI);
        }
    }

    /** The client does not know; the server learns of the new address by the next check (peer reflexive). */
    @Test
    void anAddressTranslationThatForgetsIsFollowedWithTheNextCheck() {
        try (SimCall call = new SimCall(23)) {
            CallSimulationTest.talk(call, ClientPlan.USUAL, GOOD, 5);
            SimCall.Person ada = call.people.getFirst();
            call.network.translate(ada.address, new InetSocketAddress("203.0.113.9", 1_024));
            call.run(20 * SECOND);
            assertTrue(call.server.drops().get(DropReason.UNKNOWN_SOURCE) > 0, call::toString);
            for (SimCall.Person person : call.people) {
                assertEquals(List.of(), person.faults(), call::toString);
                CallSimulationTest.assertSmooth(call, person.picture(), call.now - 12 * SECOND, 100 * MILLI);
            }
        }
    }

    @Test
    void nothingIsSentTenSecondsAfterTheLastCheck() {
        try (SimCall call = new SimCall(24)) {
            CallSimulationTest.talk(call, ClientPlan.USUAL, Conditions.GOOD, 8);
            SimCall.Person ada = call.people.getFirst();
            ada.client.checks(false);
            long silentFrom = call.now;
            call.run(30 * SECOND);
            long lastReceived = ada.client.lastReceived();
            assertTrue(lastReceived <= silentFrom + IceAgent.CONSENT_NANOS + 40 * MILLI, call::toString);
            assertTrue(lastReceived > silentFrom + 2 * SECOND, call::toString);
            assertTrue(call.server.drops().get(DropReason.NO_PATH) > 0, call::toString);
            ada.client.checks(true);
            call.run(10 * SECOND);
            CallSimulationTest.assertSmooth(call, ada.picture(), call.now - 5 * SECOND, 100 * MILLI);
            assertEquals(List.of(), ada.faults(), call::toString);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void aLostLastFlightOfTheHandshakeIsRepeated(int times) {
        try (SimCall call = new SimCall(25)) {
            AtomicInteger left = new AtomicInteger(times);
            call.network.lose(datagram -> isLastFlight(datagram) && left.getAndDecrement() > 0);
            SimCall.Person ada = call.join("Ada", ClientPlan.USUAL, GOOD);
            SimCall.Person grace = call.join("Grace", ClientPlan.USUAL, GOOD);
            call.viewAll(360);
            call.run(10 * SECOND);
            assertTrue(left.get() < 0, "it was sent again: " + call);
            for (SimCall.Person person : List.of(ada, grace)) {
                assertTrue(person.client.connected(), call::toString);
                assertEquals(List.of(), person.faults(), call::toString);
                CallSimulationTest.assertSmooth(call, person.picture(), call.now - 5 * SECOND, 100 * MILLI);
            }
            assertEquals(2, call.server.handshakes(), call::toString);
        }
    }

    /** A connection's thread is lent a few datagrams ahead; what is more has a counter, and the call goes on. */
    @Test
    void moreHandshakeRecordsThanTheThreadTakesAreCounted() {
        try (SimCall call = new SimCall(31)) {
            CallSimulationTest.talk(call, ClientPlan.USUAL, GOOD, 5);
            SimCall.Person ada = call.people.getFirst();
            byte[] record = {23, (byte) 0xfe, (byte) 0xfd, 0, 1, 0, 0, 0, 0, 0, 9, 0, 1, 0};
            call.network.conditions(ada.address, Conditions.GOOD, GOOD);
            for (int i = 0; i < 100; i++) {
                Route route = new Route(ada.address, SimServer.ADDRESS);
                call.network.send(call.now, route, Unpooled.wrappedBuffer(record.clone()));
            }
            call.network.conditions(ada.address, GOOD, GOOD);
            call.run(5 * SECOND);
            int refused = call.server.drops().get(DropReason.DTLS_REFUSED);
            assertTrue(refused > 0 && refused < 100, call::toString);
            checkUnbroken(call, 100 * MILLI);
        }
    }

    @Test
    void moreVoicesThanSlotsTakeTurnsWithoutASeam() {
        try (SimCall call = new SimCall(32)) {
            ClientPlan voice = new ClientPlan(true, List.of(), 1, 4, 0, ClientPlan.USUAL.srtpProfiles());
            for (int i = 0; i < 8; i++) {
                call.join("voice " + i, voice, GOOD).client.media().speak(127);
            }
            call.run(SECOND);
            Set<String> speakers = new LinkedHashSet<>();
            for (int turn = 0; turn < 16; turn++) {
                SimCall.Person speaker = call.people.get(turn * 3 % 8);
                speaker.client.media().speak(20);
                call.run(3 * SECOND);
                speaker.client.media().speak(127);
                speakers.add(speaker.participantId);
                SimCall.Person listener = call.people.get((turn * 3 + 1) % 8);
                int csrc = (int) speaker.track(Source.MICROPHONE).csrc();
                assertTrue(
                        CallSimulationTest.voices(listener).stream()
                                .anyMatch(slot -> slot.packets().getLast().csrc() == csrc
                                        && slot.packets().getLast().arrival() > call.now - 100 * MILLI),
                        () -> listener.name + " does not hear " + speaker.name + "; " + call);
            }
            assertEquals(8, speakers.size());
            for (SimCall.Person person : call.people) {
                assertEquals(List.of(), person.faults(), call::toString);
                assertEquals(0, person.missing(), call::toString);
                assertTrue(CallSimulationTest.voices(person).size() <= 3, call::toString);
            }
        }
    }

    @Test
    void aChangeOfLayersHasNoSeam() {
        try (SimCall call = new SimCall(26)) {
            CallSimulationTest.talk(call, ClientPlan.SIMULCAST, GOOD, 5);
            SimCall.Person ada = call.people.get(0);
            SimCall.Person grace = call.people.get(1);
            for (int height : List.of(180, 720, 360, 180, 360, 720)) {
                ada.view(height, grace);
                call.run(3 * SECOND);
                assertEquals(height, lastFrame(ada).height(), call::toString);
                assertEquals(720, lastFrame(grace).height(), "the other's is another matter: " + call);
            }
            checkUnbroken(call, 100 * MILLI);
            assertEquals(Set.of(180, 360, 720), heights(ada.picture()), call::toString);
            List<String> layers = slotLayers(call, ada);
            assertEquals(List.of("q", "f", "h", "q", "h", "f"), layers.subList(layers.size() - 6, layers.size()));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {261, 262, 263, 264})
    void aChangeOfLayersOnABadNetworkHasNoSeamButTheLosses(long seed) {
        try (SimCall call = new SimCall(seed)) {
            Conditions bad = GOOD.withLoss(0.03).withReordering(0.03).withDuplication(0.01);
            CallSimulationTest.talk(call, ClientPlan.SIMULCAST, bad, 5);
            SimCall.Person ada = call.people.get(0);
            for (int height : List.of(180, 720, 360, 180, 360, 720)) {
                ada.view(height, call.people.get(1));
                call.run(4 * SECOND);
                // What is lost may mean that the path carries less than the tile asks for, never that he gets more.
                assertTrue(lastFrame(ada).height() <= height, call::toString);
            }
            assertTrue(heights(ada.picture()).containsAll(Set.of(180, 360)), call::toString);
            assertEquals(List.of(), ada.faults(), call::toString);
        }
    }

    @Test
    void aSlotGoesFromOneCameraToAnotherWithoutASeam() {
        try (SimCall call = new SimCall(27)) {
            SimCall.Person ada = call.join("Ada", ClientPlan.USUAL, GOOD);
            SimCall.Person grace = call.join("Grace", ClientPlan.USUAL, GOOD);
            call.run(700 * MILLI);
            SimCall.Person edith = call.join("Edith", ClientPlan.SIMULCAST, GOOD);
            call.run(SECOND);
            for (SimCall.Person shown : List.of(grace, edith, grace, edith)) {
                ada.view(360, shown);
                call.run(4 * SECOND);
                assertEquals(
                        (int) shown.track(Source.CAMERA).csrc(), lastFrame(ada).csrc(), call::toString);
            }
            assertEquals(1, ada.pictures().size(), "one slot for all of them: " + call);
            assertEquals(List.of(), ada.faults(), call::toString);
            assertEquals(0, ada.missing(), call::toString);
            CallSimulationTest.assertSmooth(call, ada.picture(), 3 * SECOND, 1_200 * MILLI);
        }
    }

    @Test
    void whatIsUnpublishedFallsSilentAndTheRestGoesOn() {
        try (SimCall call = new SimCall(28)) {
            CallSimulationTest.talk(call, ClientPlan.USUAL, GOOD, 5);
            SimCall.Person ada = call.people.get(0);
            SimCall.Person grace = call.people.get(1);
            String camera = grace.track(Source.CAMERA).trackId();
            grace.ask(new Request.Mute(grace.track(Source.MICROPHONE).trackId(), true));
            grace.ask(new Request.Unpublish(camera));
            grace.client.stopCamera();
            grace.offer();
            long unpublished = call.now;
            call.run(5 * SECOND);
            ReceivedPacket last = ada.picture().packets().getLast();
            assertTrue(last.arrival() <= unpublished + 100 * MILLI, call::toString);
            ReceivedSlot voice = CallSimulationTest.voices(ada).getFirst();
            assertTrue(voice.packets().getLast().arrival() > call.now - 100 * MILLI, call::toString);
            List<Event> told = call.server.events("Ada");
            assertTrue(told.contains(new Event.TrackUnpublish(grace.participantId, camera)), told::toString);
            assertTrue(told.stream().anyMatch(it -> it instanceof Event.TrackMute mute && mute.muted()));
            long reports = ada.picture().reports().stream()
                    .filter(report -> report.arrival() > unpublished + 3_500 * MILLI)
                    .count();
            assertEquals(0, reports, "an empty slot sends no sender report");
            checkUnbroken(call, grace, 100 * MILLI);
            assertEquals(0, ada.missing(), call::toString);
        }
    }

    @Test
    void oneWhoLeavesIsGoneAndTheRestGoOn() {
        try (SimCall call = new SimCall(29)) {
            for (String name : List.of("Ada", "Grace", "Edith")) {
                call.join(name, ClientPlan.USUAL, GOOD);
            }
            call.viewAll(360);
            call.run(5 * SECOND);
            SimCall.Person edith = call.people.getLast();
            edith.ask(new Request.Leave());
            call.run(8 * SECOND);
            assertEquals("closed by the other side", edith.client.failure());
            for (SimCall.Person person : call.people.subList(0, 2)) {
                assertEquals(List.of(), person.faults(), call::toString);
                assertEquals(0, person.missing(), call::toString);
                long flowing = person.pictures().stream()
                        .filter(slot -> slot.packets().getLast().arrival() > call.now - SECOND)
                        .count();
                assertEquals(1, flowing, call::toString);
            }
            assertEquals(2, call.server.routes(), call::toString);
        }
    }

    /** RFC 3550 section 6.4.1: the report's two times are one moment, and the media's are taken by the same line. */
    @Test
    void senderReportsLineUpWithTheMedia() {
        try (SimCall call = new SimCall(30)) {
            CallSimulationTest.talk(call, ClientPlan.USUAL, Conditions.GOOD, 20);
            SimCall.Person ada = call.people.getFirst();
            checkReports(call, ada.picture(), 90_000);
            checkReports(call, CallSimulationTest.voices(ada).getFirst(), 48_000);
        }
    }

    private static void checkReports(SimCall call, ReceivedSlot slot, int clockRate) {
        assertTrue(slot.reports().size() >= 15, call::toString);
        for (ReceivedSlot.Report report : slot.reports()) {
            assertEquals(20 * MILLI, report.arrival() - wallToSim(report.ntpNanos()), 10_000, call::toString);
        }
        ReceivedSlot.Report last = slot.reports().getLast();
        for (ReceivedPacket packet : slot.packets()) {
            if (packet.recovered()) {
                continue;
            }
            double taken = (packet.timestamp() - last.timestamp()) / (double) clockRate * SECOND;
            double captured = wallToSim(last.ntpNanos()) + taken;
            // Captured and sent at once, 20 ms to the server and 20 ms from it: its line knows of the latter.
            double delay = packet.arrival() - captured;
            // While the first probes last, pictures leave in their runs, which are 5 ms apart.
            long most = packet.arrival() < FIRST_PROBES_NANOS ? 25 * MILLI : 22 * MILLI;
            assertTrue(
                    delay >= 18 * MILLI && delay <= most + ROUNDING_NANOS, () -> packet + " by " + last + "; " + call);
        }
    }

    private static long wallToSim(long ntpNanos) {
        return ntpNanos - NtpTime.UNIX_EPOCH_NANOS;
    }

    /** No gap, no fault and no standstill for anyone, from 3 s into the call on. */
    private static void checkUnbroken(SimCall call, long mostNanos) {
        call.people.forEach(person -> checkUnbroken(call, person, mostNanos));
    }

    private static void checkUnbroken(SimCall call, SimCall.Person person, long mostNanos) {
        assertEquals(List.of(), person.faults(), call::toString);
        assertEquals(0, person.missing(), call::toString);
        assertEquals(Map.of(), person.client.refused(), call::toString);
        CallSimulationTest.assertSmooth(call, person.picture(), 3 * SECOND, mostNanos);
    }

    private static DecodedFrame lastFrame(SimCall.Person person) {
        return person.picture().decoded().getLast();
    }

    private static Set<Integer> heights(ReceivedSlot slot) {
        Set<Integer> heights = new LinkedHashSet<>();
        slot.decoded().forEach(frame -> heights.add(frame.height()));
        return heights;
    }

    /** The layers that a viewer was told of, in order, without repetition. */
    private static List<String> slotLayers(SimCall call, SimCall.Person person) {
        return call.server.events(person.name).stream()
                .filter(event -> event instanceof Event.SlotChange change
                        && change.layer() != null
                        && change.mid().equals(person.picture().mid()))
                .map(event -> ((Event.SlotChange) event).layer())
                .toList();
    }

    /** Of the server's flights only the last begins with a ChangeCipherSpec. */
    private static boolean isLastFlight(ByteBuf datagram) {
        return datagram.getUnsignedByte(datagram.readerIndex()) == CHANGE_CIPHER_SPEC;
    }
}
