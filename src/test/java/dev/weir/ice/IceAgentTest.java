package dev.weir.ice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class IceAgentTest extends IceAgentFixture {
    @Test
    void answersACheckWithTheAddressItCameFrom() {
        check(0, A, false);

        readAnswer(A);
        assertEquals(StunMessage.BINDING_SUCCESS, answer.type());
        assertEquals(A.remote(), answer.xorMappedAddress());
        assertTrue(answer.isAuthentic(new StunKey(OURS.pwd())));
        assertTrue(answer.fingerprintFits());
        assertEquals(List.of("validated " + A, "selected " + A), out.events);
        assertTrue(agent.validated(A));
        assertFalse(agent.validated(B));
        assertEquals(0, agent.lastCheck());
    }

    @Test
    void knowsNoRouteBeforeTheFirstCheck() {
        assertNull(agent.selected());
        assertFalse(agent.maySend(0));
        assertEquals(-1, agent.lastCheck());
        assertEquals(Long.MAX_VALUE, agent.nextTimeout());
    }

    @Test
    void answersIpv6() {
        Route six = route("2001:db8::17", 1234);

        check(0, six, true);

        readAnswer(six);
        assertEquals(six.remote(), answer.xorMappedAddress());
    }

    @Test
    void regularNominationReplacesTheFirstValidatedRoute() {
        check(0, A, false);
        check(1, B, false);
        assertEquals(A, agent.selected());

        check(2, B, true);

        assertEquals(B, agent.selected());
    }

    @Test
    void aggressiveNominationFollowsTheLatest() {
        check(0, A, true);
        check(1, B, true);
        assertEquals(B, agent.selected());

        check(2, A, true);

        assertEquals(A, agent.selected());
        assertEquals(
                List.of("validated " + A, "selected " + A, "validated " + B, "selected " + B, "selected " + A),
                out.events);
    }

    @Test
    void aCheckWithoutNominationDoesNotMoveMedia() {
        check(0, A, true);

        check(1, B, false);

        assertEquals(A, agent.selected());
        assertTrue(agent.validated(B));
    }

    @Test
    void followsAClientToAnotherAddressInTheMiddleOfACall() {
        for (int second = 0; second < 60; second += 5) check(second * SECOND, A, true);

        check(60 * SECOND, B, true);

        assertEquals(B, agent.selected());
        assertTrue(agent.maySend(69 * SECOND));
        agent.onTimeout(90 * SECOND, out);
        assertFalse(agent.validated(A));
        assertEquals("forgotten " + A, out.events.getLast());
    }

    @Test
    void mayNotSendTenSecondsAfterTheLastCheck() {
        check(5 * SECOND, A, true);

        assertTrue(agent.maySend(15 * SECOND - 1));
        assertFalse(agent.maySend(15 * SECOND));

        check(20 * SECOND, A, true);
        assertTrue(agent.maySend(20 * SECOND));
        assertEquals(20 * SECOND, agent.lastCheck());
    }

    @Test
    void turnsToALivingRouteWhenTheSelectedOneIsSilent() {
        check(0, A, true);
        check(SECOND, B, false);
        check(8 * SECOND, B, false);
        assertEquals(10 * SECOND, agent.nextTimeout());

        agent.onTimeout(10 * SECOND, out);

        assertEquals(B, agent.selected());
        assertTrue(agent.maySend(10 * SECOND));
    }

    @Test
    void aSilentRouteGivesWayToTheFirstCheckThatComes() {
        check(0, A, true);
        agent.onTimeout(10 * SECOND, out);

        check(20 * SECOND, B, false);

        assertEquals(B, agent.selected());
    }

    @Test
    void aTimeoutTooEarlyOrTwiceDoesNothing() {
        check(0, A, true);
        check(0, B, false);
        int before = out.events.size();

        agent.onTimeout(1, out);
        agent.onTimeout(1, out);
        assertEquals(before, out.events.size());

        agent.onTimeout(40 * SECOND, out);
        agent.onTimeout(40 * SECOND, out);
        assertEquals(before + 1, out.events.size());
        assertEquals(Long.MAX_VALUE, agent.nextTimeout());
    }

    @Test
    void timeoutsNeverStandStill() {
        check(0, A, true);
        for (int port = 1; port < 10; port++) check(port * SECOND, route("203.0.113.9", port), false);

        long now = 9 * SECOND;
        for (int i = 0; i < 50 && agent.nextTimeout() != Long.MAX_VALUE; i++) {
            assertTrue(agent.nextTimeout() > now, "due again at once");
            now = agent.nextTimeout();
            agent.onTimeout(now, out);
        }
        assertEquals(Long.MAX_VALUE, agent.nextTimeout());
    }

    @Test
    void forgetsTheOldestUnusedRouteBeyondTheLimit() {
        check(0, A, true);
        for (int i = 1; i <= IceAgent.MAX_ROUTES; i++) check(i, route("203.0.113.9", i), false);

        assertTrue(agent.validated(A), "the selected one stays");
        assertFalse(agent.validated(route("203.0.113.9", 1)));
        assertTrue(agent.validated(route("203.0.113.9", 2)));
        assertTrue(out.events.contains("forgotten " + route("203.0.113.9", 1)));
    }

    @Test
    void oldCredentialsStayGoodUntilTheNewOnesHaveANominatedPair() {
        check(0, A, true);
        agent.restart(OURS_2, THEIRS_2);

        check(5 * SECOND, A, true);
        assertTrue(agent.maySend(14 * SECOND), "consent goes on with the old ones");
        check(6 * SECOND, B, OURS_2, THEIRS_2, false);
        assertEquals(A, agent.selected());

        check(7 * SECOND, B, OURS_2, THEIRS_2, true);
        assertEquals(B, agent.selected());
        assertTrue(out.events.contains("retired " + OURS.ufrag()));

        check(8 * SECOND, A, true);
        assertEquals("dropped UNKNOWN_USERNAME", out.events.getLast());
    }

    @Test
    void ofSeveralRestartsTheLastCountsAndTheNominatedOneStays() {
        check(0, A, true);
        agent.restart(OURS_2, THEIRS_2);
        IceCredentials third = IceCredentials.random(new SplittableRandom(3));
        agent.restart(third, THEIRS_2);

        check(1, A, OURS_2, THEIRS_2, true);
        assertEquals("dropped UNKNOWN_USERNAME", out.events.getLast());
        check(2, A, true);
        check(3, B, third, THEIRS_2, true);
        assertEquals(B, agent.selected());
    }
}
