package dev.weir.relay;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;

/** What a change of the tree asks for: links to open and links to close. Those of a lost shard are among the closed. */
public record Relinking(Set<Link> opened, Set<Link> closed) {
    public Relinking {
        opened = Collections.unmodifiableSet(new LinkedHashSet<>(opened));
        closed = Collections.unmodifiableSet(new LinkedHashSet<>(closed));
    }

    public boolean isNothing() {
        return opened.isEmpty() && closed.isEmpty();
    }
}
