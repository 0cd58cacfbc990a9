package dev.weir.web;

import dev.weir.signal.ShardId;
import java.util.Optional;

/**
 * A resume token taken apart: {@code <shard>.<session>.<secret>}, which the shard gave, and in a cluster a passport
 * behind it, which any node can read. Anything may come; what is no token has no shard.
 */
record ResumeToken(String ofShard, String passport) {
    static ResumeToken parse(String text) {
        String[] parts = text.split("\\.", 4);
        return parts.length < 4
                ? new ResumeToken(text, "")
                : new ResumeToken(text.substring(0, text.length() - parts[3].length() - 1), parts[3]);
    }

    /** Where the session sat. */
    Optional<ShardId> shard() {
        int dot = ofShard.indexOf('.');
        return dot < 0 ? Optional.empty() : ShardId.parse(ofShard.substring(0, dot));
    }
}
