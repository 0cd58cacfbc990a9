package dev.weir.signal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShardIdTest {
    @ParameterizedTest
    @ValueSource(strings = {"0123456789abcdef-0", "weir-0-3", "A_b-c-9999"})
    void itsTextIsReadBack(String text) {
        assertEquals(text, ShardId.parse(text).orElseThrow().toString());
    }

    @Test
    void theLastDashPartsNodeAndIndex() {
        assertEquals(Optional.of(new ShardId("weir-0", 3)), ShardId.parse("weir-0-3"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "-", "3", "-3", "node-", "node", "node-x", "node-10000", "no.de-1", "no de-1", "nöde-1"})
    void whatIsNoShardsNameIsEmpty(String text) {
        assertEquals(Optional.empty(), ShardId.parse(text));
    }

    @Test
    void aNodesNameIsBounded() {
        assertTrue(ShardId.parse("n".repeat(64) + "-1").isPresent());
        assertEquals(Optional.empty(), ShardId.parse("n".repeat(65) + "-1"));
        assertThrows(IllegalArgumentException.class, () -> new ShardId("a.b", 0));
        assertThrows(IllegalArgumentException.class, () -> new ShardId("a", -1));
    }

    @Test
    void theyAreOrderedByNodeThenIndex() {
        assertTrue(new ShardId("a", 9).compareTo(new ShardId("b", 0)) < 0);
        assertTrue(new ShardId("a", 9).compareTo(new ShardId("a", 10)) < 0);
    }
}
