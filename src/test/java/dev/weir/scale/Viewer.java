package dev.weir.scale;

/** Somebody who watches, from his first try on. */
final class Viewer {
    final String region;
    final Plan.Layer layer;
    /** When he first wanted in, or lost his node. */
    long since;

    boolean wasIn;
    int refusals;
    long askedShardAt;
    SimShard shard;
    boolean connected;
    boolean watching;

    Viewer(String region, Plan.Layer layer, long since) {
        this.region = region;
        this.layer = layer;
        this.since = since;
    }
}
