package dev.weir.cluster;

/**
 * How much one media loop has to do.
 *
 * @param people who sit there
 * @param joinsInFlight those sent there who have not arrived yet
 * @param busyRatio the part of its time in which the loop worked, 0 to 1
 */
public record LoopLoad(int people, int joinsInFlight, double busyRatio) {
    /** Those who sit there, or soon will. */
    int expected() {
        return people + joinsInFlight;
    }
}
