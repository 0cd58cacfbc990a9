package dev.weir.signal;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names a shard among all nodes. Its text, {@code <node>-<index>}, stands in resume tokens and session URLs; it has no
 * dot.
 *
 * @param node which no other node ever has: random at its start, or configured
 * @param index 0 for the node's first
 */
public record ShardId(String node, int index) implements Comparable<ShardId> {
    /** Four digits of a shard's index are more loops than a machine has cores. */
    private static final Pattern TEXT = Pattern.compile("([A-Za-z0-9_-]{1,64})-(\\d{1,4})");

    private static final Pattern NODE = Pattern.compile("[A-Za-z0-9_-]{1,64}");
    private static final Comparator<ShardId> ORDER =
            Comparator.comparing(ShardId::node).thenComparingInt(ShardId::index);

    public ShardId {
        if (!isNode(node) || index < 0 || index > 9_999) {
            throw new IllegalArgumentException("no shard: " + node + "-" + index);
        }
    }

    /** Whether that may name a node. */
    public static boolean isNode(String name) {
        return NODE.matcher(name).matches();
    }

    /** From outside: anything may come, and what is no shard's name is empty. */
    public static Optional<ShardId> parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        return matcher.matches()
                ? Optional.of(new ShardId(matcher.group(1), Integer.parseInt(matcher.group(2))))
                : Optional.empty();
    }

    @Override
    public int compareTo(ShardId other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return node + "-" + index;
    }
}
