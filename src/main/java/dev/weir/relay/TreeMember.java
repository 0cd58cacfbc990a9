package dev.weir.relay;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** A shard's place in a room's tree. */
final class TreeMember {
    final Site site;
    /** Null at the origin, and in a part that is cut off just now. */
    TreeMember above;

    final List<TreeMember> below = new ArrayList<>();

    TreeMember(Site site) {
        this.site = site;
    }

    int depth() {
        int depth = 0;
        for (TreeMember at = this; at.above != null; at = at.above) {
            depth++;
        }
        return depth;
    }

    /** Links between this and the deepest below it. */
    int height() {
        int height = 0;
        for (TreeMember child : below) {
            height = Math.max(height, 1 + child.height());
        }
        return height;
    }

    int size() {
        int size = 1;
        for (TreeMember child : below) {
            size += child.size();
        }
        return size;
    }

    void forEach(Consumer<TreeMember> visit) {
        visit.accept(this);
        below.forEach(child -> child.forEach(visit));
    }

    boolean isUnder(TreeMember other) {
        for (TreeMember at = this; at != null; at = at.above) {
            if (at == other) {
                return true;
            }
        }
        return false;
    }

    /** Whether one more may be fed from here. */
    boolean hasPlaceFor(Site other, TreeLimits limits) {
        return switch (site.to(other)) {
            case WITHIN_NODE -> feeds(Site.Distance.WITHIN_NODE) < limits.fanOutWithinNode();
            case WITHIN_REGION -> feedsOtherNodes() < limits.fanOut();
            case ABROAD -> feedsOtherNodes() < limits.fanOut() && feeds(Site.Distance.ABROAD) < limits.fanOutAbroad();
        };
    }

    /** One that this feeds beyond its limits: of the kind that is too many, the one with the least below it. */
    Optional<TreeMember> excess(TreeLimits limits) {
        if (feeds(Site.Distance.WITHIN_NODE) > limits.fanOutWithinNode()) {
            return least(Site.Distance.WITHIN_NODE);
        }
        if (feeds(Site.Distance.ABROAD) > limits.fanOutAbroad()) {
            return least(Site.Distance.ABROAD);
        }
        return feedsOtherNodes() > limits.fanOut() ? least(Site.Distance.WITHIN_REGION) : Optional.empty();
    }

    private Optional<TreeMember> least(Site.Distance distance) {
        return below.stream()
                .filter(child -> site.to(child.site) == distance)
                .min(Comparator.comparingInt(TreeMember::size).thenComparing(child -> child.site.shard()));
    }

    private int feedsOtherNodes() {
        return below.size() - feeds(Site.Distance.WITHIN_NODE);
    }

    private int feeds(Site.Distance distance) {
        int count = 0;
        for (TreeMember child : below) {
            if (site.to(child.site) == distance) {
                count++;
            }
        }
        return count;
    }
}
