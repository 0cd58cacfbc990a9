package dev.weir.cluster;

import dev.weir.signal.Former;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * Who somebody was, sealed for any node to read: the last part of resume tokens in a cluster. With the node where a
 * session sat all that it knew is lost but this.
 */
public final class Passports {
    private static final int MAX_CHARACTERS = 512;

    private final ClusterSecret secret;
    private final Wire wire = new Wire(Wire.VERSION, List.of(Former.class));

    Passports(ClusterSecret secret) {
        this.secret = secret;
    }

    /** Text without a dot. */
    public String issue(String room, Former who) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(secret.seal(place(room), wire.write(who)));
    }

    /** Empty for what was not issued for that room in this cluster. */
    public Optional<Former> read(String room, String text) {
        if (text.length() > MAX_CHARACTERS) {
            return Optional.empty();
        }
        try {
            return secret.unseal(place(room), Base64.getUrlDecoder().decode(text))
                    .map(bytes -> (Former) wire.read(bytes));
        } catch (IllegalArgumentException | WireRefusal garbage) {
            return Optional.empty();
        }
    }

    private static String place(String room) {
        return "passport/" + room;
    }
}
