package dev.weir.srtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.management.ManagementFactory;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** With libcrypto, packets make no garbage and closed contexts leave nothing behind. */
class CryptoAllocationTest {
    private static final int WARM_UP = 40_000;
    private static final int MEASURED = 10_000;
    private static final int PAYLOAD_BYTES = 1_100;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    /** Without leak detection, whose records would be counted. */
    private final UnpooledByteBufAllocator buffers = new UnpooledByteBufAllocator(true, true);

    private final ByteBuf source = buffers.directBuffer(PAYLOAD_BYTES).writeZero(PAYLOAD_BYTES);
    private final ByteBuf packet = buffers.directBuffer(2_048);
    private long index;

    private static SrtpKeys keys(SrtpProfile profile) {
        return SrtpKeys.client(profile, new byte[profile.keyingMaterialBytes()]);
    }

    @ParameterizedTest
    @EnumSource
    void protectingAndUnprotectingAllocatesNothing(SrtpProfile profile) {
        Ciphers ciphers =
                PacketCrypto.choose(CryptoChoice.LIBCRYPTO, Optional.empty()).ciphers();
        try (SrtpProtector protector = new SrtpProtector(ciphers, profile, keys(profile));
                SrtpUnprotector unprotector = new SrtpUnprotector(ciphers, profile, keys(profile))) {
            for (int i = 0; i < WARM_UP; i++) {
                walk(protector, unprotector);
            }
            long before = threads.getCurrentThreadAllocatedBytes();
            long empty = threads.getCurrentThreadAllocatedBytes() - before;
            long start = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < MEASURED; i++) {
                walk(protector, unprotector);
            }
            long allocated = threads.getCurrentThreadAllocatedBytes() - start - empty;

            // A compilation that ends meanwhile may box something once; a packet's garbage would be ten thousand times.
            assertTrue(allocated < MEASURED, allocated + " bytes for " + MEASURED + " packets of each kind");
        }
        assertEquals(0, ciphers.live());
    }

    /** One packet out of the source, one with prefix and padding, one in place, and a control packet. */
    private void walk(SrtpProtector protector, SrtpUnprotector unprotector) {
        header(12);
        protector.protectRtp(packet, 0, 12, source, 0, PAYLOAD_BYTES, 0, index);
        accept(unprotector);
        header(12).writeInt(5);
        protector.protectRtp(packet, 0, 12, source, 0, PAYLOAD_BYTES - 40, 30, index);
        accept(unprotector);
        header(12).writerIndex(PAYLOAD_BYTES);
        protector.protectRtp(packet, 12, index);
        accept(unprotector);
        packet.clear().writeInt(0x81c80006).writeInt(7).writeLong(0).writeLong(0);
        protector.protectRtcp(packet);
        if (unprotector.unprotectRtcp(packet) != SrtpResult.OK) {
            throw new AssertionError("a control packet");
        }
    }

    private ByteBuf header(int bytes) {
        index++;
        packet.clear().writeInt(0x80600000 | (int) index & 0xFFFF).writeInt(0).writeInt(7);
        assert packet.writerIndex() == bytes;
        return packet;
    }

    private void accept(SrtpUnprotector unprotector) {
        if (unprotector.unprotectRtp(packet, 12, 7, (int) index & 0xFFFF) != SrtpResult.OK) {
            throw new AssertionError("packet " + index);
        }
    }

    @Test
    void closedContextsLeaveNoMemoryBehind() {
        Ciphers ciphers =
                PacketCrypto.choose(CryptoChoice.LIBCRYPTO, Optional.empty()).ciphers();
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 10; i++) {
            long before = nativeBytes();
            openAndClose(ciphers, 500);
            least = Math.min(least, nativeBytes() - before);
        }

        // A round has more than 3 kB of contexts: leaked, each 500 would leave 1.5 MB. Java's compiler uses malloc too.
        assertTrue(least < 500_000, least + " bytes more after 500 rounds");
        assertEquals(0, ciphers.live());
    }

    private static void openAndClose(Ciphers ciphers, int pairs) {
        for (int i = 0; i < pairs; i++) {
            for (SrtpProfile profile : SrtpProfile.values()) {
                new SrtpProtector(ciphers, profile, keys(profile)).close();
                new SrtpUnprotector(ciphers, profile, keys(profile)).close();
            }
        }
    }

    /** What the process has from malloc and has not freed: uordblks, the eighth of its ten numbers. */
    @SuppressWarnings("restricted")
    private static long nativeBytes() {
        MemoryLayout numbers = MemoryLayout.structLayout(MemoryLayout.sequenceLayout(10, ValueLayout.JAVA_LONG));
        MethodHandle mallinfo2 = Linker.nativeLinker()
                .downcallHandle(
                        Linker.nativeLinker().defaultLookup().findOrThrow("mallinfo2"), FunctionDescriptor.of(numbers));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment found = (MemorySegment) mallinfo2.invokeExact((SegmentAllocator) arena);
            return found.getAtIndex(ValueLayout.JAVA_LONG, 7);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }
}
