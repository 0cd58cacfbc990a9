package dev.weir.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.signal.Former;
import dev.weir.signal.Role;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PassportsTest {
    private static final Former ADA = new Former("0123456789abcdef0123456789abcdef", Role.COHOST);

    private final Passports ours = new Passports(ClusterSecret.of("0123456789abcdef0123456789abcdef"));
    private final Passports others = new Passports(ClusterSecret.of("fedcba9876543210fedcba9876543210"));

    @Test
    void anyNodeReadsThemAndNobodyElse() {
        String passport = ours.issue("lab", ADA);

        assertEquals(
                Optional.of(ADA),
                new Passports(ClusterSecret.of("0123456789abcdef0123456789abcdef")).read("lab", passport));
        assertEquals(Optional.empty(), others.read("lab", passport));
        assertEquals(Optional.empty(), ours.read("other", passport));
    }

    @Test
    void theyFitIntoATokenAndShowNothing() {
        String passport = ours.issue("lab", ADA);

        assertTrue(passport.length() < 300, passport);
        assertFalse(passport.contains("."));
        assertFalse(passport.contains(ADA.participantId()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "not base64!", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})
    void garbageIsNone(String text) {
        assertEquals(Optional.empty(), ours.read("lab", text));
        assertEquals(Optional.empty(), ours.read("lab", "A".repeat(100_000)));
    }
}
