package dev.weir.signal;

import dev.weir.rtp.MediaKind;
import java.util.Optional;

/** Where a track comes from. A participant has at most one track of each source. */
public enum Source {
    CAMERA("camera", MediaKind.VIDEO),
    MICROPHONE("microphone", MediaKind.AUDIO),
    SCREEN("screen", MediaKind.VIDEO),
    SCREEN_AUDIO("screenAudio", MediaKind.AUDIO);

    private final String word;
    private final MediaKind kind;

    Source(String word, MediaKind kind) {
        this.word = word;
        this.kind = kind;
    }

    /** As it stands in messages. */
    public String word() {
        return word;
    }

    public MediaKind kind() {
        return kind;
    }

    public static Optional<Source> of(String word) {
        for (Source source : values()) {
            if (source.word.equals(word)) {
                return Optional.of(source);
            }
        }
        return Optional.empty();
    }
}
