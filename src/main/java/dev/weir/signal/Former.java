package dev.weir.signal;

/** Who somebody was in a room before the node where he sat was lost. */
public record Former(String participantId, Role role) {}
