package dev.weir.media;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.media.Allocator.Importance;
import dev.weir.media.Allocator.Picture;
import dev.weir.media.Allocator.Rung;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class AllocatorTest {
    private static final int NOTHING = Allocator.NOTHING;
    private static final Rung T0 = new Rung(0, 0, 70_000);
    private static final Rung T1 = new Rung(0, 1, 100_000);
    private static final Rung Q = new Rung(0, Selection.ALL, 150_000);
    private static final Rung H = new Rung(1, Selection.ALL, 500_000);
    private static final Rung F = new Rung(2, Selection.ALL, 1_500_000);

    private static Picture picture(Importance importance, Rung... rungs) {
        return new Picture(importance, List.of(rungs), NOTHING);
    }

    /** @param current index of the rung that is sent now */
    private static Picture sent(Importance importance, int current, Rung... rungs) {
        return new Picture(importance, List.of(rungs), current);
    }

    private static int[] allocate(long budgetBps, Picture... pictures) {
        return Allocator.allocate(List.of(pictures), budgetBps);
    }

    @Test
    void givesEveryTileWhatItCanUseWhereNoLimitIsKnown() {
        assertArrayEquals(
                new int[] {2, 1, 0},
                allocate(
                        Long.MAX_VALUE,
                        picture(Importance.SPEAKER, Q, H, F),
                        picture(Importance.VISIBLE, Q, H),
                        picture(Importance.VISIBLE, Q)));
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
    void aSharedScreenIsServedFirstWhateverOthersLack() {
        assertArrayEquals(
                new int[] {0, 2},
                allocate(2_000_000, picture(Importance.PINNED, Q, H), picture(Importance.SCREEN, Q, H, F)));
        assertArrayEquals(
                new int[] {NOTHING, 1},
                allocate(600_000, picture(Importance.PINNED, Q, H), picture(Importance.SCREEN, Q, H, F)));
    }

    @Test
    void frameRatesFallBeforeAnyoneIsPaused() {
        Picture[] three = {
            sent(Importance.VISIBLE, 2, T0, T1, Q, H),
            sent(Importance.SPEAKER, 2, T0, T1, Q, H),
            sent(Importance.VISIBLE, 2, T0, T1, Q)
        };

        assertArrayEquals(new int[] {2, 2, 2}, allocate(450_000, three));
        assertArrayEquals(new int[] {2, 2, 1}, allocate(400_000, three));
        assertArrayEquals(new int[] {1, 1, 1}, allocate(320_000, three));
        assertArrayEquals(new int[] {0, 1, 0}, allocate(250_000, three));
        assertArrayEquals(new int[] {0, 0, 0}, allocate(210_000, three));
    }

    @Test
    void theLeastImportantArePausedFirst() {
        Picture[] three = {
            sent(Importance.VISIBLE, 0, T0, T1, Q),
            sent(Importance.SPEAKER, 0, T0, T1, Q),
            sent(Importance.VISIBLE, 0, T0, T1, Q)
        };

        assertArrayEquals(new int[] {0, 0, NOTHING}, allocate(160_000, three));
        assertArrayEquals(new int[] {NOTHING, 0, NOTHING}, allocate(90_000, three));
        assertArrayEquals(new int[] {NOTHING, NOTHING, NOTHING}, allocate(60_000, three));
    }

    @Test
    void whatIsSentMayStayWhereMoreWouldNeedAMargin() {
        assertArrayEquals(new int[] {1}, allocate(510_000, sent(Importance.VISIBLE, 1, Q, H)));
        assertArrayEquals(new int[] {0}, allocate(510_000, sent(Importance.VISIBLE, 0, Q, H)));
        assertArrayEquals(new int[] {1}, allocate(580_000, sent(Importance.VISIBLE, 0, Q, H)));
        assertArrayEquals(new int[] {NOTHING}, allocate(160_000, picture(Importance.VISIBLE, Q)), "paused");
        assertArrayEquals(new int[] {0}, allocate(175_000, picture(Importance.VISIBLE, Q)));
    }

    @Test
    void theBudgetIsNeverExceededAndNobodyIsPausedForOneOfLessImportance() {
        for (long seed = 0; seed < 5_000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            List<Picture> pictures = new ArrayList<>();
            for (int i = random.nextInt(0, 12); i > 0; i--) {
                pictures.add(randomPicture(random));
            }
            long budget = random.nextLong(10_000, 8_000_000);

            int[] rungs = Allocator.allocate(pictures, budget);

            long spent = 0;
            for (int i = 0; i < rungs.length; i++) {
                spent += pictures.get(i).cost(rungs[i]);
            }
            assertTrue(spent <= budget, "seed " + seed + ": " + spent + " of " + budget);
            for (int i = 0; i < rungs.length; i++) {
                Picture paused = pictures.get(i);
                for (int j = 0; j < rungs.length && rungs[i] == NOTHING; j++) {
                    Picture other = pictures.get(j);
                    boolean less = other.importance().compareTo(paused.importance()) > 0;
                    double needed = paused.cost(0) * Allocator.RAISE_MARGIN;
                    assertTrue(!less || other.cost(rungs[j]) < needed, "seed " + seed + ": " + i + " and " + j);
                }
            }
        }
    }

    private static Picture randomPicture(SplittableRandom random) {
        List<Rung> rungs = new ArrayList<>();
        long bps = random.nextLong(30_000, 300_000);
        int temporal = random.nextInt(3);
        for (int t = 0; t < temporal; t++) {
            rungs.add(new Rung(0, t, bps * (t + 2) / 4));
        }
        for (int layer = 0; layer < random.nextInt(1, 4); layer++) {
            rungs.add(new Rung(layer, Selection.ALL, bps));
            bps *= 3;
        }
        Importance importance = Importance.values()[random.nextInt(Importance.values().length)];
        return new Picture(importance, rungs, random.nextInt(-1, rungs.size()));
    }
}
