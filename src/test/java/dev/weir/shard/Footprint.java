package dev.weir.shard;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.UnixOperatingSystemMXBean;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What this process takes at a moment.
 *
 * @param heapBytes after a collection
 * @param directBytes what Netty's two allocators and the JDK hold off the heap
 * @param pinnedBytes of the former what buffers in use take
 * @param threads platform threads, by name
 * @param handshakes virtual threads of DTLS
 */
record Footprint(
        long heapBytes, long directBytes, long pinnedBytes, long descriptors, Set<String> threads, long handshakes) {
    static Footprint now() throws IOException {
        System.gc();
        System.gc();
        long direct = PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
        if (ByteBufAllocator.DEFAULT instanceof ByteBufAllocatorMetricProvider provider) {
            direct += provider.metric().usedDirectMemory();
        }
        for (BufferPoolMXBean pool : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) {
            direct += pool.getName().equals("direct") ? pool.getMemoryUsed() : 0;
        }
        return new Footprint(
                ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
                direct,
                PooledByteBufAllocator.DEFAULT.pinnedDirectMemory(),
                ManagementFactory.getPlatformMXBean(UnixOperatingSystemMXBean.class)
                        .getOpenFileDescriptorCount(),
                Thread.getAllStackTraces().keySet().stream()
                        .map(Thread::getName)
                        .filter(name -> !isOfTheWholeProcess(name))
                        .collect(Collectors.toCollection(TreeSet::new)),
                virtualThreads("weir-dtls"));
    }

    /** Threads that come and go, or are started anew, whoever uses them. */
    private static boolean isOfTheWholeProcess(String name) {
        return name.startsWith("process reaper")
                || name.startsWith("ForkJoinPool")
                || name.startsWith("globalEventExecutor");
    }

    /** Of the virtual threads only a dump tells. */
    private static long virtualThreads(String name) throws IOException {
        Path folder = Files.createTempDirectory("weir-threads");
        Path dump = folder.resolve("dump.json");
        try {
            ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                    .dumpThreads(dump.toString(), HotSpotDiagnosticMXBean.ThreadDumpFormat.JSON);
            try (Stream<String> lines = Files.lines(dump)) {
                return lines.filter(line -> line.contains("\"" + name + "\"")).count();
            }
        } finally {
            Files.deleteIfExists(dump);
            Files.delete(folder);
        }
    }
}
