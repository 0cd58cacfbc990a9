package dev.weir.media;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.media.Allocator.Encoding;
import dev.weir.media.Allocator.Importance;
import dev.weir.media.Allocator.Picture;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class AllocatorTest {
    private static final Encoding Q = new Encoding(0, 150_000);
    private static final Encoding H = new Encoding(1, 500_000);
    private static final Encoding F = new Encoding(2, 1_500_000);

    private static Picture picture(Importance importance, Encoding... encodings) {
        return new Picture(importance, List.of(encodings), Allocator.NOTHING);
    }

    private static int[] allocate(long budgetBps, Picture... pictures) {
        return Allocator.allocate(List.of(pictures), budgetBps);
    }

    @Test
    void givesEveryTileWhatItCanUseWhereNoLimitIsKnown() {
        assertArrayEquals(
                new int[] {2, 1, 0, Allocator.NOTHING},
                allocate(
                        Long.MAX_VALUE,
                        picture(Importance.SPEAKER, Q, H, F),
                        picture(Importance.VISIBLE, Q, H),
                        picture(Importance.VISIBLE, Q),
                        picture(Importance.PINNED)));
    }

    @Test
    void everyoneHasSomethingBeforeTheSpeakerGetsMore() {
        assertArrayEquals(
                new int[] {0, 0, 0},
                allocate(
                        700_000,
                        picture(Importance.VISIBLE, Q, H),
                        picture(Importance.SPEAKER, Q, H, F),
                        picture(Importance.VISIBLE, Q, H)));
    }

    @Test
    void theSpeakerRisesBeforeOthersAndThePinnedOneBeforeHim() {
        assertArrayEquals(
                new int[] {0, 1, 0},
                allocate(
                        1_000_000,
                        picture(Importance.VISIBLE, Q, H),
                        picture(Importance.SPEAKER, Q, H, F),
                        picture(Importance.VISIBLE, Q, H)));
        assertArrayEquals(
                new int[] {0, 2},
                allocate(2_000_000, picture(Importance.SPEAKER, Q, H, F), picture(Importance.PINNED, Q, H, F)));
    }

    @Test
    void aSharedScreenRisesFirst() {
        assertArrayEquals(
                new int[] {0, 2},
                allocate(2_000_000, picture(Importance.PINNED, Q, H), picture(Importance.SCREEN, Q, H, F)));
    }

    @Test
    void whatIsSentMayStayWhereMoreWouldNeedAMargin() {
        assertArrayEquals(new int[] {1}, allocate(510_000, new Picture(Importance.VISIBLE, List.of(Q, H), 1)));
        assertArrayEquals(new int[] {0}, allocate(510_000, new Picture(Importance.VISIBLE, List.of(Q, H), 0)));
        assertArrayEquals(new int[] {1}, allocate(580_000, new Picture(Importance.VISIBLE, List.of(Q, H), 0)));
    }

    @Test
    void whatIsMoreThanTheLowestLayersNeverExceedsTheBudget() {
        for (long seed = 0; seed < 2_000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            List<Picture> pictures = new ArrayList<>();
            for (int i = random.nextInt(1, 12); i > 0; i--) {
                pictures.add(randomPicture(random));
            }
            long budget = random.nextLong(10_000, 8_000_000);

            int[] layers = Allocator.allocate(pictures, budget);

            long spent = 0;
            long least = 0;
            for (int i = 0; i < layers.length; i++) {
                Picture picture = pictures.get(i);
                spent += picture.cost(layers[i]);
                least += picture.encodings().isEmpty()
                        ? 0
                        : picture.encodings().getFirst().bps();
            }
            assertTrue(spent <= Math.max(budget, least), "seed " + seed + ": " + spent + " of " + budget);
        }
    }

    private static Picture randomPicture(SplittableRandom random) {
        List<Encoding> encodings = new ArrayList<>();
        long bps = random.nextLong(30_000, 300_000);
        for (int layer = 0; layer < random.nextInt(0, 4); layer++) {
            encodings.add(new Encoding(layer, bps));
            bps *= 3;
        }
        Importance importance = Importance.values()[random.nextInt(Importance.values().length)];
        return new Picture(importance, encodings, random.nextInt(-1, 3));
    }
}
