package dev.weir.bwe;

/** What the trend of the delay says of the path. */
enum Usage {
    NORMAL,
    /** A queue grows. */
    OVERUSE,
    /** A queue empties. */
    UNDERUSE
}
