package dev.weir.branch;

import dev.weir.rtp.Codec;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Which codec a publisher is to send. */
final class CodecChoice {
    private CodecChoice() {}

    /**
     * The first in the room's order that the publisher can send and that all others can decode, if there is one.
     *
     * @param sendable what his m-line negotiated
     * @param viewers what each of those who can watch decodes
     */
    static Optional<Codec> of(List<Codec> roomOrder, Set<Codec> sendable, Collection<Set<Codec>> viewers) {
        return roomOrder.stream()
                .filter(sendable::contains)
                .filter(codec -> viewers.stream().allMatch(decodable -> decodable.contains(codec)))
                .findFirst();
    }
}
