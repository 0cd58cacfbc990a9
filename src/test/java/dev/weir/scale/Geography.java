package dev.weir.scale;

import java.util.HashMap;
import java.util.Map;

/** How long a datagram is on its way. */
final class Geography {
    /** Two data centres of a region. */
    private static final long WITHIN_REGION_NANOS = Timeline.MS / 2;

    /** Between a viewer and the nodes of his region. */
    static final long ACCESS_NANOS = 15 * Timeline.MS;

    private static final double EARTH_RADIUS_KM = 6_371;
    /** Light in glass makes 200 km in a millisecond; real routes take about 1.4 times the shortest way. */
    private static final double KM_PER_MS = 140;

    private final Map<String, Plan.Region> regions = new HashMap<>();

    Geography(Plan plan) {
        plan.regions().forEach(region -> regions.put(region.name(), region));
    }

    long oneWayNanos(String from, String to) {
        if (from.equals(to)) {
            return WITHIN_REGION_NANOS;
        }
        Plan.Region a = regions.get(from);
        Plan.Region b = regions.get(to);
        double angle = Math.acos(Math.sin(Math.toRadians(a.latitude())) * Math.sin(Math.toRadians(b.latitude()))
                + Math.cos(Math.toRadians(a.latitude()))
                        * Math.cos(Math.toRadians(b.latitude()))
                        * Math.cos(Math.toRadians(a.longitude() - b.longitude())));
        return (long) ((1 + EARTH_RADIUS_KM * angle / KM_PER_MS) * Timeline.MS);
    }
}
