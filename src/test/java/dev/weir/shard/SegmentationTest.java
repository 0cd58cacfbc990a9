package dev.weir.shard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SegmentationTest {
    private static final InetSocketAddress FAR = new InetSocketAddress("192.0.2.1", 5_000);
    private static final InetSocketAddress NEAR = new InetSocketAddress("192.0.2.2", 5_000);

    private EpollDatagramChannel channel;
    private Segmentation segmentation;

    @BeforeEach
    void open() {
        assumeTrue(Epoll.isAvailable(), "epoll is Linux");
        assumeTrue(EpollDatagramChannel.isSegmentedDatagramPacketSupported(), "this kernel has no UDP GSO");
        channel = new EpollDatagramChannel();
        segmentation = new Segmentation(channel, true);
    }

    @AfterEach
    void close() {
        if (channel != null) {
            channel.unsafe().closeForcibly();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sendmsg(..) failed: Invalid argument",
                "sendmsg(..) failed: Input/output error",
                "sendmmsg(..) failed: Message too long"
            })
    void aDestinationThatRefusesARunGetsSinglePacketsAndNoOtherDoes(String refusal) {
        assertTrue(segmentation.servesTo(FAR));
        assertFalse(segmentation.watches(), "no send is watched while none fails");

        segmentation.onFailure(new IOException(refusal));
        assertTrue(segmentation.watches(), "the next to fail is to be known");
        assertTrue(segmentation.servesTo(FAR), "whose it was is not known yet");

        segmentation.onFailure(FAR, new IOException(refusal));
        assertFalse(segmentation.servesTo(FAR));
        assertTrue(segmentation.servesTo(NEAR));
    }

    @Test
    void whatSaysNothingOfRunsChangesNothing() {
        IOException unreachable = new IOException("sendmsg(..) failed: Network is unreachable");
        segmentation.onFailure(unreachable);
        segmentation.onFailure(FAR, unreachable);

        assertFalse(segmentation.watches());
        assertTrue(segmentation.servesTo(FAR));
    }

    @Test
    void ofManyRefusingTheEldestIsForgottenAndTheOthersKeepTheirRuns() {
        IOException refusal = new IOException("Message too long");
        for (int i = 0; i <= Segmentation.MAX_REFUSING; i++) {
            segmentation.onFailure(new InetSocketAddress("192.0.2.3", 10_000 + i), refusal);
        }

        assertTrue(segmentation.servesTo(new InetSocketAddress("192.0.2.3", 10_000)), "he is asked again");
        int refusing = 0;
        for (int i = 0; i <= Segmentation.MAX_REFUSING; i++) {
            refusing += segmentation.servesTo(new InetSocketAddress("192.0.2.3", 10_000 + i)) ? 0 : 1;
        }
        assertEquals(Segmentation.MAX_REFUSING, refusing);
        assertTrue(segmentation.servesTo(FAR));
    }

    @Test
    void withoutEpollOrWhenNotWantedNothingLeavesInOnePiece() {
        assertFalse(new Segmentation(channel, false).servesTo(FAR));
        NioDatagramChannel nio = new NioDatagramChannel();
        assertFalse(new Segmentation(nio, true).supported());
        nio.unsafe().closeForcibly();
    }
}
