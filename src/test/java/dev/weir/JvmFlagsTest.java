package dev.weir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class JvmFlagsTest {
    @Test
    void saysInOneSentenceWhatIsMissing() {
        assertEquals(
                Optional.of("this JVM runs without generational ZGC (-XX:+UseZGC), a heap of one size (-Xms equal to"
                        + " -Xmx), which ./weir run gives it"),
                new JvmFlags(false, true, false).complaint());
    }

    @Test
    void hasNothingToSayWhereAllIsThere() {
        assertEquals(Optional.empty(), new JvmFlags(true, true, true).complaint());
    }

    @Test
    void seesThatTheTestsRunWithoutZgc() {
        assertTrue(JvmFlags.ofProcess().complaint().orElseThrow().contains("-XX:+UseZGC"));
    }
}
