package dev.weir.load;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class ServerMetricsTest {
    private static final ServerMetrics BEFORE = new ServerMetrics("""
            # TYPE weir_rtp_packets_total counter
            weir_rtp_packets_total{direction="in",kind="video"} 5.0
            weir_rtp_packets_total{direction="out",kind="audio"} 10.0
            weir_rtp_packets_total{direction="out",kind="video"} 1.5E2
            process_cpu_seconds_total 1.25
            process_cpu_seconds_total_of_another 99
            """);

    @Test
    void sumsTheSeriesOfAName() {
        assertEquals(OptionalDouble.of(160), BEFORE.sum("weir_rtp_packets_total", "direction=\"out\""));
        assertEquals(OptionalDouble.of(1.25), BEFORE.sum("process_cpu_seconds_total", ""));
        assertEquals(OptionalDouble.empty(), BEFORE.sum("weir_send_calls_total", ""));
    }

    @Test
    void saysByHowMuchItRose() {
        ServerMetrics after = new ServerMetrics("process_cpu_seconds_total 2.5\n");
        assertEquals(OptionalDouble.of(1.25), after.since(BEFORE, "process_cpu_seconds_total", ""));
        assertEquals(OptionalDouble.empty(), after.since(BEFORE, "weir_rtp_packets_total", ""));
        assertEquals(OptionalDouble.empty(), after.since(ServerMetrics.NONE, "process_cpu_seconds_total", ""));
    }
}
