package dev.weir.media;

/**
 * What a viewer's device can decode, as it says itself.
 *
 * @param maxHeight of a picture, in pixels; {@link Integer#MAX_VALUE}: not said
 * @param maxStreams pictures at once; {@link Integer#MAX_VALUE}: not said
 * @param cpuLimited whether the browser is short of processor time now
 */
public record DecodeLimits(int maxHeight, int maxStreams, boolean cpuLimited) {
    public static final DecodeLimits NONE = new DecodeLimits(Integer.MAX_VALUE, Integer.MAX_VALUE, false);

    /**
     * The height that a tile is taken for. Where the processor is short, pictures of little importance get their lowest
     * layer and the others a layer less; a shared screen stays readable.
     */
    int height(int tileHeight, Allocator.Importance importance) {
        if (!cpuLimited) {
            return tileHeight;
        }
        return switch (importance) {
            case SCREEN -> tileHeight;
            case PINNED, SPEAKER -> tileHeight / 2;
            case VISIBLE -> 0;
        };
    }
}
