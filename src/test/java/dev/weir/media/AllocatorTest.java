package dev.weir.media;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.media.Allocator.Choice;
import dev.weir.media.Allocator.Encoding;
import dev.weir.media.Allocator.Importance;
import dev.weir.media.Allocator.Picture;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class AllocatorTest {
    private static final Encoding Q = new Encoding(0, 150_000, 60_000);
    private static final Encoding H = new Encoding(1, 500_000, 200_000);
    private static final Encoding F = new Encoding(2, 1_500_000, 600_000);
    private static final Choice LOW = new Choice(0, true);
    private static final Choice LOW_SLOW = new Choice(0, false);
    private static final Choice MIDDLE = new Choice(1, true);
    private static final Choice HIGH = new Choice(2, true);

    private static Picture picture(Importance importance, Encoding... encodings) {
        return new Picture(importance, List.of(encodings), Choice.PAUSED);
    }

    private static List<Choice> allocate(long budgetBps, Picture... pictures) {
        return Allocator.allocate(List.of(pictures), budgetBps, true);
    }

    @Test
    void givesEveryTileWhatItCanUseWhereTheLinkCarriesAll() {
        assertEquals(
                List.of(HIGH, MIDDLE, LOW),
                allocate(
                        Long.MAX_VALUE,
                        picture(Importance.SPEAKER, Q, H, F),
                        picture(Importance.VISIBLE, Q, H),
                        picture(Importance.VISIBLE, Q)));
    }

    @Test
    void everyoneGetsSomethingBeforeTheSpeakerGetsMore() {
        // 3 x 150 kbps fit with the margin, and the speaker's 500 kbps do not.
        assertEquals(
                List.of(LOW, LOW, LOW),
                allocate(
                        700_000,
                        picture(Importance.VISIBLE, Q, H),
                        picture(Importance.SPEAKER, Q, H, F),
                        picture(Importance.VISIBLE, Q, H)));
    }

    @Test
    void thePinnedOneAndTheSpeakerRiseBeforeOthers() {
        assertEquals(
                List.of(LOW, MIDDLE, LOW),
                allocate(
                        1_000_000,
                        picture(Importance.VISIBLE, Q, H),
                        picture(Importance.SPEAKER, Q, H, F),
                        picture(Importance.VISIBLE, Q, H)));
        assertEquals(
                List.of(LOW, HIGH),
                allocate(2_000_000, picture(Importance.SPEAKER, Q, H, F), picture(Importance.PINNED, Q, H, F)));
    }

    @Test
    void framesAreDroppedBeforePicturesAndTheLastPictureIsPausedFirst() {
        assertEquals(
                List.of(LOW_SLOW, LOW_SLOW),
                allocate(150_000, picture(Importance.VISIBLE, Q), picture(Importance.VISIBLE, Q)));
        assertEquals(
                List.of(LOW_SLOW, Choice.PAUSED),
                allocate(100_000, picture(Importance.VISIBLE, Q), picture(Importance.VISIBLE, Q)));
    }

    @Test
    void aSharedScreenIsServedFirst() {
        assertEquals(
                List.of(Choice.PAUSED, HIGH),
                allocate(
                        1_750_000,
                        picture(Importance.SPEAKER, new Encoding(1, 500_000, 500_000)),
                        picture(Importance.SCREEN, Q, H, F)));
    }

    @Test
    void whatIsSentMayStayWhereMoreWouldNeedAMargin() {
        Picture sent = new Picture(Importance.VISIBLE, List.of(Q, H), MIDDLE);
        Picture wished = new Picture(Importance.VISIBLE, List.of(Q, H), LOW);

        assertEquals(List.of(MIDDLE), Allocator.allocate(List.of(sent), 510_000, true));
        assertEquals(List.of(LOW), Allocator.allocate(List.of(wished), 510_000, true));
        assertEquals(List.of(MIDDLE), Allocator.allocate(List.of(wished), 580_000, true));
    }

    @Test
    void withoutReductionAPictureIsWholeOrPaused() {
        List<Picture> pictures = List.of(picture(Importance.VISIBLE, Q, H), picture(Importance.VISIBLE, Q, H));

        assertEquals(List.of(MIDDLE, Choice.PAUSED), Allocator.allocate(pictures, 900_000, false));
    }

    @Test
    void aPictureWithoutEncodingsIsPaused() {
        assertEquals(List.of(Choice.PAUSED), allocate(Long.MAX_VALUE, picture(Importance.PINNED)));
    }

    @Test
    void neverExceedsItsBudgetAndNeverWastesWhatTheFirstCouldUse() {
        for (long seed = 0; seed < 2_000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            List<Picture> pictures = new ArrayList<>();
            for (int i = random.nextInt(1, 12); i > 0; i--) {
                pictures.add(randomPicture(random));
            }
            long budget = random.nextLong(10_000, 8_000_000);

            List<Choice> choices = Allocator.allocate(pictures, budget, random.nextBoolean());

            long spent = 0;
            for (int i = 0; i < choices.size(); i++) {
                spent += cost(pictures.get(i), choices.get(i));
            }
            assertTrue(spent <= budget, "seed " + seed + ": " + spent + " of " + budget);
        }
    }

    private static Picture randomPicture(SplittableRandom random) {
        List<Encoding> encodings = new ArrayList<>();
        long bps = random.nextLong(30_000, 300_000);
        for (int layer = 0; layer < random.nextInt(0, 4); layer++) {
            encodings.add(new Encoding(layer, bps, bps / random.nextInt(1, 4)));
            bps *= 3;
        }
        Importance importance = Importance.values()[random.nextInt(Importance.values().length)];
        Choice current = random.nextBoolean() ? Choice.PAUSED : new Choice(random.nextInt(3), random.nextBoolean());
        return new Picture(importance, encodings, current);
    }

    private static long cost(Picture picture, Choice choice) {
        return picture.encodings().stream()
                .filter(encoding -> encoding.layer() == choice.layer())
                .mapToLong(encoding -> choice.fullRate() ? encoding.bps() : encoding.baseBps())
                .sum();
    }
}
