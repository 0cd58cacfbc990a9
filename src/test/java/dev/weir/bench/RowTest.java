package dev.weir.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.HashSet;
import org.junit.jupiter.api.Test;

class RowTest {
    private static final Scenario SCENARIO = Scenario.ALL.getFirst();

    private static Row row(int connected, int served, boolean saturated) throws Exception {
        JsonNode load = new ObjectMapper().readTree("""
                {"joins": {"attempted": 11, "connected": %d, "serverCpuPerJoinMs": 1.234},
                 "steady": {"egressMbps": 15.04, "expected": 100, "lossPercent": 0.5, "receivers": 10, "served": %d,
                   "delayMs": {"count": 9, "p50": 0.512, "p99": 1.9}},
                 "server": {"cpuCores": 0.5, "forwardedPerSecond": 1581, "cpuNanosPerPacket": 2345.6,
                   "packetsPerSendCall": null, "allocatedBytesPerPacket": null},
                 "generator": {"cpuCores": 0.42, "saturated": %s}}""".formatted(connected, served, saturated));
        return new Row(SCENARIO, false, 0.1, load, "");
    }

    @Test
    void showsTheFiguresAndADashForWhatTheServerDoesNotSay() throws Exception {
        assertEquals(
                "fan-out-10 2346 0.50 1581 0.5000 0.51/1.90 15.0 - - 1.23 0.42",
                row(11, 10, false).line().replaceAll(" +", " "));
    }

    @Test
    void saysOfJoinsWithoutMediaHowMuchIsTold() throws Exception {
        JsonNode load = new ObjectMapper().readTree("""
                {"joins": {"attempted": 50, "connected": 50, "serverCpuPerJoinMs": 2,
                   "eventsPerJoin": 24.5, "textsWrittenPerJoin": 2.02, "charactersPerJoin": 14500.4},
                 "steady": {"expected": 0}}""");
        assertTrue(new Row(SCENARIO, false, 0, load, "")
                .line()
                .endsWith("  a join: 24.5 events told, 2.0 texts written, 14500 characters"));
    }

    @Test
    void saysWhatARowIsNotWorth() throws Exception {
        assertTrue(row(11, 10, true).line().endsWith("GENERATOR SATURATED"));
        assertTrue(row(9, 10, false).line().endsWith("2 of 11 did not get in"));
        assertTrue(row(11, 4, false).line().endsWith("4 of 10 receivers got media"));
        assertTrue(new Row(SCENARIO, true, 0, MissingNode.getInstance(), "no server")
                .line()
                .matches("fan-out-10 \\(reference\\) +failed: no server"));
    }

    @Test
    void everyScenarioHasANameOfItsOwn() {
        assertEquals(Scenario.ALL.size(), new HashSet<>(Bench.names()).size());
    }
}
