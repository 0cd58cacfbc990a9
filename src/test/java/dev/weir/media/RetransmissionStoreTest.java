package dev.weir.media;

import static dev.weir.media.Scenery.MILLISECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RetransmissionStoreTest {
    private static final int KIB = 1_024;

    private final StoreBudget budget = new StoreBudget(1_024 * KIB);
    private final RetransmissionStore store = new RetransmissionStore(budget);

    @Test
    void aPacketIsThereForOneSecond() {
        store.put(0, 7, packet(1_200, 7));

        assertNotNull(store.find(1_000 * MILLISECOND, 7));
        assertNull(store.find(1_001 * MILLISECOND, 7));
    }

    @Test
    void takesNothingBeforeTheFirstPacketAndGivesAllBack() {
        assertEquals(0, budget.takenBytes());
        store.put(0, 7, packet(1_200, 7));
        assertEquals(16 * KIB, budget.takenBytes());

        store.clear();

        assertEquals(0, budget.takenBytes());
        assertNull(store.find(0, 7));
        store.put(0, 8, packet(1_200, 8));
        assertNotNull(store.find(0, 8));
    }

    @Test
    void growsWhileASecondNeedsMoreAndStopsAtItsLimit() {
        for (int i = 0; i < 900; i++) {
            store.put(i * MILLISECOND, i, packet(1_200, i));
        }

        assertEquals(512 * KIB, budget.takenBytes());
        assertNotNull(store.find(900 * MILLISECOND, 899));
        assertNotNull(store.find(900 * MILLISECOND, 899 - 430));
        assertNull(store.find(900 * MILLISECOND, 0), "the oldest went earlier");
    }

    @Test
    void aSlowLayerStaysSmall() {
        for (int i = 0; i < 10_000; i++) {
            store.put(i * 100 * MILLISECOND, i, packet(1_000, i));
        }

        assertEquals(16 * KIB, budget.takenBytes());
    }

    @Test
    void withoutBudgetNothingIsStored() {
        RetransmissionStore poor = new RetransmissionStore(new StoreBudget(10_000));

        poor.put(0, 7, packet(1_200, 7));

        assertNull(poor.find(0, 7));
    }

    @Test
    void anOversizedPacketIsNotStored() {
        store.put(0, 7, packet(4_097, 7));

        assertNull(store.find(0, 7));
    }

    @Test
    void agreesWithAMapWhateverGoesIn() {
        for (int seed = 0; seed < 100; seed++) {
            Random random = new Random(seed);
            long limit = 16L * KIB * (1 + random.nextInt(80));
            StoreBudget shared = new StoreBudget(limit);
            List<Modelled> stores = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                stores.add(new Modelled(shared, random, "seed " + seed));
            }
            for (int step = 0; step < 5_000; step++) {
                stores.get(random.nextInt(stores.size())).step();
                assertTrue(shared.takenBytes() <= limit, "seed " + seed);
            }
            stores.forEach(modelled -> modelled.store.clear());
            assertEquals(0, shared.takenBytes(), "seed " + seed);
        }
    }

    /** A store beside a plain map of what was put in. */
    private static final class Modelled {
        private static final int LARGEST = 2_800;

        private record Put(long order, long sequence, long time, long capacity, String bytes) {}

        final RetransmissionStore store;
        private final StoreBudget shared;
        private final Random random;
        private final String seeded;
        private final Map<Long, Put> model = new HashMap<>();
        private final int largest;
        private final int stepMillis;

        /** Grows when the budget lets it; what others give back may come too late for a packet. */
        private long capacity;

        private long now;
        private long next;
        private long order;

        Modelled(StoreBudget shared, Random random, String seeded) {
            this.shared = shared;
            this.random = random;
            this.seeded = seeded;
            store = new RetransmissionStore(shared);
            next = random.nextInt(65_536);
            largest = 20 + random.nextInt(LARGEST - 20);
            stepMillis = 1 + random.nextInt(20);
        }

        void step() {
            now += random.nextInt(stepMillis) * MILLISECOND;
            int kind = random.nextInt(400);
            if (kind == 0) {
                store.clear();
                model.clear();
                capacity = 0;
            } else if (kind < 250) {
                next += random.nextInt(20) == 0 ? random.nextInt(40) : 1;
                put(next);
            } else if (kind < 260) {
                put(next - random.nextInt(50));
            } else {
                find(next - random.nextInt(random.nextBoolean() ? 30 : 1_500));
            }
        }

        private void put(long sequence) {
            if (model.containsKey(sequence)) {
                return;
            }
            ByteBuf packet = packet(1 + random.nextInt(largest), random.nextLong());
            String bytes = ByteBufUtil.hexDump(packet);
            long before = shared.takenBytes();
            store.put(now, sequence, packet);
            assertEquals(bytes, ByteBufUtil.hexDump(packet), seeded + ": it is borrowed");
            capacity += shared.takenBytes() - before;
            assertTrue(capacity <= 512 * KIB, seeded);
            if (capacity > 0) {
                model.put(sequence, new Put(order++, sequence, now, capacity, bytes));
                assertEquals(bytes, ByteBufUtil.hexDump(store.find(now, sequence)), seeded);
            }
        }

        private void find(long sequence) {
            Put put = model.get(sequence);
            ByteBuf found = store.find(now, sequence);
            if (found != null) {
                assertEquals(put.bytes(), ByteBufUtil.hexDump(found), seeded);
                assertTrue(now - put.time() <= 1_000 * MILLISECOND, seeded + ": too old");
            } else if (put != null && now - put.time() <= 1_000 * MILLISECOND) {
                assertTrue(wentForWantOfRoom(put), seeded + ": lost " + sequence);
            }
        }

        /** Of bytes, but for the holes that whole packets leave, or of entries, of which there are 1024. */
        private boolean wentForWantOfRoom(Put put) {
            long bytesSince = 0;
            long highestSince = 0;
            for (Put other : model.values()) {
                if (other.order() >= put.order()) {
                    bytesSince += other.bytes().length() / 2;
                    highestSince = Math.max(highestSince, other.sequence());
                }
            }
            return bytesSince > put.capacity() - 2 * LARGEST || highestSince - put.sequence() > 1_024 - 100;
        }
    }

    private static ByteBuf packet(int length, long seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        ByteBuf packet = Unpooled.buffer(length + 10);
        packet.writeZero(3).readerIndex(3);
        return packet.writeBytes(bytes);
    }
}
