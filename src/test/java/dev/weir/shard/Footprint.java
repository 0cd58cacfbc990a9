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
    /** The JDK's and Netty's for the whole process, which come and go by themselves. */
    private static final Set<String> OTHERS = Set.of("process reaper", "ForkJoinPool", "globalEventExecutor");

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
                        .filter(name -> OTHERS.stream().noneMatch(name::startsWith))
                        .collect(Collectors.toCollection(TreeSet::new)),
                virtualThreads("weir-dtls"));
    }

    /** Without Vert.x's workers, of which there are more and more up to a fixed number. */
    Set<String> lastingThreads() {
        return threads.stream()
                .filter(name -> !name.startsWith("vert.x-worker-thread"))
                .collect(Collectors.toCollection(TreeSet::new));
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
