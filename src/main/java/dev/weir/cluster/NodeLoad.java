package dev.weir.cluster;

import java.util.List;

/**
 * What placement has to know of a node, as old as the node's last word of itself.
 *
 * @param node its name
 * @param draining it takes nobody any more
 * @param rooms those that it owns
 * @param loops its media loops, in the order of their indices
 */
public record NodeLoad(
        String node, String region, Duty duty, boolean draining, int rooms, int maxRooms, List<LoopLoad> loops) {
    public NodeLoad {
        loops = List.copyOf(loops);
    }

    boolean takesRooms() {
        return !draining && duty != Duty.EDGE && rooms < maxRooms;
    }

    boolean takes(Newcomer newcomer) {
        return !draining
                && switch (duty) {
                    case ANYTHING -> true;
                    case ORIGIN -> newcomer == Newcomer.SENDER;
                    case EDGE -> newcomer == Newcomer.VIEWER;
                };
    }
}
