package dev.weir;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What {@code ./weir run} gives the JVM and a bare {@code java -jar} lacks.
 *
 * @param zgc the collector whose pauses no call hears
 * @param compactHeaders a tenth less heap
 * @param fixedHeap one size from the start: growing it costs time under load, and shrinking it again
 */
record JvmFlags(boolean zgc, boolean compactHeaders, boolean fixedHeap) {
    static JvmFlags ofProcess() {
        MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
        return new JvmFlags(isOn("UseZGC"), isOn("UseCompactObjectHeaders"), heap.getInit() == heap.getMax());
    }

    /** False also on a JVM that does not know it. */
    private static boolean isOn(String option) {
        HotSpotDiagnosticMXBean hotSpot = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
        try {
            return hotSpot != null
                    && Boolean.parseBoolean(hotSpot.getVMOption(option).getValue());
        } catch (IllegalArgumentException unknown) {
            return false;
        }
    }

    /** One sentence on what is missing; empty if nothing is. */
    Optional<String> complaint() {
        List<String> missing = new ArrayList<>();
        if (!zgc) {
            missing.add("generational ZGC (-XX:+UseZGC)");
        }
        if (!compactHeaders) {
            missing.add("compact object headers (-XX:+UseCompactObjectHeaders)");
        }
        if (!fixedHeap) {
            missing.add("a heap of one size (-Xms equal to -Xmx)");
        }
        return missing.isEmpty()
                ? Optional.empty()
                : Optional.of("this JVM runs without " + String.join(", ", missing) + ", which ./weir run gives it");
    }
}
