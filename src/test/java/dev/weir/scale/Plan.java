package dev.weir.scale;

import java.util.List;

/**
 * What is simulated: where the nodes stand, who watches, and what things cost.
 *
 * @param joinsPerSecond at the peak, which is reached after {@code rampSeconds}
 * @param nodeBps what a node's network takes
 * @param lost the share of the nodes that die at once
 */
record Plan(
        List<Region> regions,
        int loopsPerNode,
        int viewers,
        double joinsPerSecond,
        double rampSeconds,
        double nodeBps,
        double lost,
        List<Layer> layers,
        Costs costs,
        long seed) {

    /** @param share of the people, and @param nodes of the nodes there; latitude and longitude in degrees */
    record Region(String name, int nodes, double share, double latitude, double longitude) {}

    /** @param share of the viewers whose tile asks for it */
    record Layer(String name, double bps, double framesPerSecond, double share) {
        /** Packets of 1,200 bytes, and one shorter one in each frame. */
        double packetsPerSecond() {
            return framesPerSecond * Math.ceil(bps / framesPerSecond / 8 / 1_200);
        }
    }

    /**
     * What the simulation assumes; docs/scaling.md says where each comes from.
     *
     * @param packetNanos of a loop, for each packet that leaves
     * @param joinNanos of a viewer's loop, for a join and its offer
     * @param ownerJoinNanos of the owner's loop, for a viewer whom it counts
     * @param handshakeNanos until a handshake is computed, beside the network's round trips
     * @param recordsNanos between two words of a node about itself
     * @param detectionNanos until the others know that a node is gone
     * @param takeOverNanos until a room without owner has another one, from then
     * @param noticeNanos until a client knows, at most
     */
    record Costs(
            long packetNanos,
            long joinNanos,
            long ownerJoinNanos,
            long handshakeNanos,
            long recordsNanos,
            long detectionNanos,
            long takeOverNanos,
            long noticeNanos) {
        static final Costs ASSUMED = new Costs(
                1_000,
                1_000_000,
                50_000,
                10 * Timeline.MS,
                2 * Timeline.SECOND,
                2 * Timeline.SECOND,
                Timeline.SECOND / 2,
                2 * Timeline.SECOND);
    }

    /** Opus at 32 kbit/s with its headers. */
    static final double AUDIO_BPS = 56_000;

    static final double AUDIO_PACKETS_PER_SECOND = 50;

    /** The layers of DESIGN's table below one of 1080p. */
    static final List<Layer> ONE_1080P = List.of(
            new Layer("f 1920x1080@30", 3_000_000, 30, 0.55),
            new Layer("h 640x360@25", 500_000, 25, 0.30),
            new Layer("q 320x180@15", 150_000, 15, 0.15));

    static Plan hundredThousand(long seed) {
        return new Plan(
                List.of(
                        new Region("eu-central", 30, 0.24, 50.1, 8.7),
                        new Region("us-east", 30, 0.24, 38.9, -77.5),
                        new Region("us-west", 18, 0.13, 37.4, -122.1),
                        new Region("ap-south", 20, 0.16, 19.1, 72.9),
                        new Region("ap-east", 20, 0.15, 35.7, 139.7),
                        new Region("sa-east", 12, 0.08, -23.5, -46.6)),
                4,
                100_000,
                600,
                60,
                10e9,
                0.05,
                ONE_1080P,
                Costs.ASSUMED,
                seed);
    }

    static Plan oneNode(long seed) {
        return new Plan(
                List.of(new Region("eu-central", 1, 1, 50.1, 8.7)),
                2,
                3_500,
                0,
                0,
                10e9,
                0,
                ONE_1080P,
                Costs.ASSUMED,
                seed);
    }

    static Plan small(long seed) {
        return new Plan(
                List.of(
                        new Region("eu-central", 6, 0.5, 50.1, 8.7),
                        new Region("us-east", 5, 0.3, 38.9, -77.5),
                        new Region("ap-south", 3, 0.2, 19.1, 72.9)),
                2,
                6_000,
                300,
                10,
                10e9,
                0.15,
                ONE_1080P,
                Costs.ASSUMED,
                seed);
    }

    Region region(String name) {
        return regions.stream()
                .filter(region -> region.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    int nodes() {
        return regions.stream().mapToInt(Region::nodes).sum();
    }
}
