package dev.weir.load;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.OptionalDouble;

/**
 * What the measured phase cost the server; each is empty where it does not say.
 *
 * @param forwarded RTP packets that it sent, by its own count, else those that we got
 */
record ServerShare(
        OptionalDouble cores,
        double forwarded,
        OptionalDouble cpuNanosPerPacket,
        OptionalDouble packetsPerSendCall,
        OptionalDouble allocatedBytesPerPacket,
        double seconds) {
    static ServerShare of(Reading begin, Reading end, Tally tally) {
        double seconds = end.secondsSince(begin);
        OptionalDouble cpu = end.serverCpuSince(begin);
        double forwarded = end.metrics()
                .since(begin.metrics(), "weir_rtp_packets_total", "direction=\"out\"")
                .orElse(tally.packetsIn);
        OptionalDouble calls = end.metrics().since(begin.metrics(), "weir_send_calls_total", "");
        OptionalDouble allocated = end.metrics().since(begin.metrics(), "jvm_gc_memory_allocated_bytes_total", "");
        return new ServerShare(
                per(cpu, seconds),
                forwarded,
                per(scaled(cpu, 1e9), forwarded),
                calls.isPresent() && calls.getAsDouble() > 0
                        ? OptionalDouble.of(forwarded / calls.getAsDouble())
                        : OptionalDouble.empty(),
                // Counted when a collection ends: none within the phase says nothing.
                allocated.orElse(0) > 0 ? per(allocated, forwarded) : OptionalDouble.empty(),
                seconds);
    }

    void write(ObjectNode out) {
        LoadResult.put(out, "cpuCores", cores);
        out.put("forwarded", (long) forwarded).put("forwardedPerSecond", LoadResult.rounded(forwarded / seconds));
        LoadResult.put(out, "cpuNanosPerPacket", cpuNanosPerPacket);
        LoadResult.put(out, "packetsPerSendCall", packetsPerSendCall);
        LoadResult.put(out, "allocatedBytesPerPacket", allocatedBytesPerPacket);
    }

    void rows(StringBuilder text) {
        if (cores.isEmpty()) {
            LoadResult.row(text, "server", "unknown: it has no /metrics, and --server-pid was not given");
            return;
        }
        LoadResult.row(
                text,
                "server",
                "%.2f cores, %.0f packets/s forwarded, %.0f ns of CPU per forwarded packet",
                cores.getAsDouble(),
                forwarded / seconds,
                cpuNanosPerPacket.orElse(0));
        packetsPerSendCall.ifPresent(it -> LoadResult.row(text, "  packets per send", "%.1f", it));
        allocatedBytesPerPacket.ifPresent(it -> LoadResult.row(text, "  allocated", "%.0f bytes per packet", it));
    }

    private static OptionalDouble per(OptionalDouble value, double divisor) {
        return value.isPresent() && divisor > 0
                ? OptionalDouble.of(value.getAsDouble() / divisor)
                : OptionalDouble.empty();
    }

    private static OptionalDouble scaled(OptionalDouble value, double factor) {
        return value.isPresent() ? OptionalDouble.of(value.getAsDouble() * factor) : value;
    }
}
