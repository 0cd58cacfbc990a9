package dev.weir.cluster;

/** What a node was set up to do; without a word, everything. */
public enum Duty {
    ANYTHING,
    /** Owns rooms and has those who send; viewers sit elsewhere. */
    ORIGIN,
    /** Has viewers only. */
    EDGE
}
