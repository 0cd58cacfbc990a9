package dev.weir.branch;

import static dev.weir.rtp.Codec.AV1;
import static dev.weir.rtp.Codec.H264;
import static dev.weir.rtp.Codec.VP8;
import static dev.weir.rtp.Codec.VP9;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weir.rtp.Codec;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CodecChoiceTest {
    private static final Set<Codec> ALL = Set.of(VP8, H264, VP9, AV1);

    static Stream<Arguments> cases() {
        return Stream.of(
                of("the room's order decides", List.of(VP9, VP8), ALL, List.of(ALL, ALL), VP9),
                of("what one viewer lacks is out", List.of(VP9, H264, VP8), ALL, List.of(ALL, Set.of(VP8, H264)), H264),
                of("what the publisher lacks is out", List.of(H264, VP8), Set.of(VP8, VP9), List.of(ALL), VP8),
                of("what the room lacks is out", List.of(VP9), ALL, List.of(Set.of(VP8)), null),
                of("no two viewers agree", List.of(VP8, VP9), ALL, List.of(Set.of(VP8), Set.of(VP9)), null),
                of("a viewer who decodes nothing", List.of(VP8, VP9), ALL, List.of(ALL, Set.of()), null),
                of("nobody watches", List.of(AV1, VP8), Set.of(VP8, AV1), List.of(), AV1));
    }

    private static Arguments of(
            String name, List<Codec> order, Set<Codec> sendable, List<Set<Codec>> viewers, Codec chosen) {
        return Arguments.of(name, order, sendable, viewers, Optional.ofNullable(chosen));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void choosesTheFirstThatAllCanTake(
            String name, List<Codec> order, Set<Codec> sendable, List<Set<Codec>> viewers, Optional<Codec> chosen) {
        assertEquals(chosen, CodecChoice.of(order, sendable, viewers));
    }
}
