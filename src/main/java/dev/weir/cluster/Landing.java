package dev.weir.cluster;

/** Where a client's request came in: that node is reachable for it, and its region is most likely the client's. */
public record Landing(String node, String region) {}
