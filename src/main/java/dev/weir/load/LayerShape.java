package dev.weir.load;

import java.util.List;
import java.util.Optional;

/** One encoding of a camera, as a room's defaults have them. */
public record LayerShape(String rid, int width, int height, int bitrateBps, int framesPerSecond) {
    /** Lowest first. */
    public static final List<LayerShape> ALL = List.of(
            new LayerShape("q", 320, 180, 150_000, 15),
            new LayerShape("h", 640, 360, 500_000, 25),
            new LayerShape("f", 1280, 720, 1_500_000, 30));

    public static Optional<LayerShape> named(String rid) {
        return ALL.stream().filter(shape -> shape.rid.equals(rid)).findFirst();
    }

    public LayerShape withBitrate(int bps) {
        return new LayerShape(rid, width, height, bps, framesPerSecond);
    }
}
