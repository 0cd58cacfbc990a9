package dev.weir.cluster;

/**
 * When a loop counts as having enough, and as full.
 *
 * @param spreadPeople from here on a room opens another shard rather than crowd this one
 * @param spreadJoins as {@code spreadPeople}, by those who are on their way in: they wait for each other
 * @param fullPeople nobody is sent here beyond that
 * @param spreadBusyRatio as {@code spreadPeople}, by the loop's own measure of its work
 * @param fullBusyRatio as {@code fullPeople}; work above it is paid with delay
 */
public record PlacementLimits(
        int spreadPeople, int spreadJoins, int fullPeople, double spreadBusyRatio, double fullBusyRatio) {
    /**
     * The busy ratios are what counts with real traffic; the numbers of people are what is known first in a burst, and
     * hold where a thousand idle people cost memory only.
     */
    public static final PlacementLimits DEFAULT = new PlacementLimits(400, 50, 2_000, 0.6, 0.85);

    public PlacementLimits {
        if (spreadPeople < 1 || spreadJoins < 1 || fullPeople < spreadPeople || !(fullBusyRatio >= spreadBusyRatio)) {
            throw new IllegalArgumentException("a loop has to be full after it has enough");
        }
    }

    boolean hasRoom(LoopLoad loop) {
        return loop.expected() < spreadPeople
                && loop.joinsInFlight() < spreadJoins
                && loop.busyRatio() < spreadBusyRatio;
    }

    boolean isFull(LoopLoad loop) {
        return loop.expected() >= fullPeople || loop.busyRatio() >= fullBusyRatio;
    }

    /** To compare loops by: work that is measured, and people whose work is not measured yet. */
    double weight(LoopLoad loop) {
        return loop.busyRatio() / fullBusyRatio + (double) loop.expected() / fullPeople;
    }
}
