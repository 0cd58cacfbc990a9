package dev.weir.client;

/**
 * A media packet as it came out of a slot.
 *
 * @param sequence unwrapped, as is the timestamp
 * @param recovered came by retransmission
 * @param video null for audio, or for what is no frame of a {@link Camera}
 */
public record ReceivedPacket(
        long sequence,
        long timestamp,
        boolean marker,
        int csrc,
        long arrival,
        boolean recovered,
        int audioLevel,
        VideoPayload video) {}
