package dev.weir.relay;

import dev.weir.signal.ShardId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which of a room's shards pass each other its tracks: a tree with bounded fan-out, the origin at its top. Every track
 * takes the same tree, from wherever it is published, over those links beyond which somebody shows it. Origin, middle
 * and edge are no roles but what follows from a place: a shard with some above and some below it is a middle.
 *
 * <p>The shards of one node are always joined to each other by links within that node, and the nodes of one region by
 * links within that region. So a track enters each node once and crosses into each region once, whatever the origin
 * and however many watch. A shard that comes is put at the highest place that is free and moves nobody. When shards go,
 * what hung below one is cut off in whole subtrees, each of which moves by its top alone; more move only where a limit
 * would be broken. Moving the origin turns links around and opens hardly any.
 *
 * <p>Owned by whoever owns the room; it decides, others open and close the links.
 */
public final class RelayTree {
    private final TreeLimits limits;
    private final Map<ShardId, TreeMember> members = new LinkedHashMap<>();
    private TreeMember top;

    private final Set<Link> opened = new LinkedHashSet<>();
    private final Set<Link> closed = new LinkedHashSet<>();

    public RelayTree(TreeLimits limits) {
        this.limits = limits;
    }

    // What is.

    /** The shard at the top, if there is any. */
    public Optional<ShardId> origin() {
        return Optional.ofNullable(top).map(RelayTree::name);
    }

    public Set<ShardId> shards() {
        return Set.copyOf(members.keySet());
    }

    public boolean has(ShardId shard) {
        return members.containsKey(shard);
    }

    /** The shard that a member is fed from. */
    public Optional<ShardId> above(ShardId shard) {
        return Optional.ofNullable(members.get(shard))
                .map(member -> member.above)
                .map(RelayTree::name);
    }

    /** The shards that a member feeds. */
    public List<ShardId> below(ShardId shard) {
        TreeMember member = members.get(shard);
        return member == null
                ? List.of()
                : member.below.stream().map(RelayTree::name).toList();
    }

    /** Links between a member and the origin. */
    public int depth(ShardId shard) {
        return members.get(shard).depth();
    }

    public Set<Link> links() {
        Set<Link> links = new HashSet<>();
        for (TreeMember member : members.values()) {
            if (member.above != null) {
                links.add(linkAbove(member));
            }
        }
        return links;
    }

    // What changes.

    /** A shard has people of the room now; the first becomes the origin. */
    public Relinking join(Site site) {
        if (!members.containsKey(site.shard())) {
            TreeMember member = new TreeMember(site);
            members.put(site.shard(), member);
            if (top == null) {
                top = member;
            } else {
                attach(member);
                mend();
            }
        }
        return relinking();
    }

    /**
     * Shards have nobody of the room any more, or are lost. When the origin is among them, the largest part that it
     * leaves behind takes its place with its own top, until {@link #originAt} says otherwise.
     */
    public Relinking leave(Set<ShardId> gone) {
        List<TreeMember> cutOff = new ArrayList<>();
        for (ShardId shard : gone) {
            TreeMember member = members.remove(shard);
            if (member != null) {
                detach(member);
                for (TreeMember child : List.copyOf(member.below)) {
                    detach(child);
                    cutOff.add(child);
                }
            }
        }
        cutOff.removeIf(part -> !members.containsKey(name(part)));
        if (top != null && !members.containsKey(name(top))) {
            top = cutOff.stream().min(bySize()).orElse(null);
            cutOff.remove(top);
        }
        rejoin(cutOff);
        mend();
        return relinking();
    }

    /** Another member becomes the origin: the links between it and the old one turn around. */
    public Relinking originAt(ShardId shard) {
        TreeMember next = members.get(shard);
        if (next != null && next != top) {
            TreeMember below = null;
            for (TreeMember at = next; at != null; ) {
                TreeMember above = at.above;
                if (above != null) {
                    above.below.remove(at);
                    at.below.add(above);
                }
                at.above = below;
                below = at;
                at = above;
            }
            top = next;
            mend();
        }
        return relinking();
    }

    // Putting parts back.

    /**
     * First those whose node, then those whose region is in the tree already: they know where they belong. Larger parts
     * go before smaller ones, so that they get the higher places.
     */
    private void rejoin(List<TreeMember> cutOff) {
        Map<TreeMember, Ground> left = new LinkedHashMap<>();
        cutOff.stream().sorted(bySize()).forEach(part -> left.put(part, Ground.of(part)));
        Ground there = top == null ? new Ground() : Ground.of(top);
        while (!left.isEmpty()) {
            TreeMember next = left.keySet().stream()
                    .filter(part -> !isBroughtNearer(part, there, left))
                    .min(Comparator.comparing(part -> there.to(part.site)))
                    .orElseThrow(() -> new IllegalStateException("parts of a tree wait for each other: " + left));
            left.remove(next);
            attach(next);
            there.add(next);
        }
    }

    /**
     * Whether another part, which comes from farther away itself, will bring along this one's node or region. Then this
     * one waits, or there would be two ways into that node or region.
     */
    private static boolean isBroughtNearer(TreeMember part, Ground there, Map<TreeMember, Ground> left) {
        Site.Distance now = there.to(part.site);
        return left.entrySet().stream().anyMatch(other -> {
            Site.Distance then = other.getValue().to(part.site);
            return other.getKey() != part
                    && then.compareTo(now) < 0
                    && then.compareTo(other.getKey().site.to(part.site)) < 0;
        });
    }

    /** Those below the origin, as opposed to those that are cut off. */
    private List<TreeMember> rooted() {
        return of(top);
    }

    private static List<TreeMember> of(TreeMember part) {
        List<TreeMember> all = new ArrayList<>();
        part.forEach(all::add);
        return all;
    }

    /** Under the nearest kind of neighbour that there is, at the highest place that is free. */
    private void attach(TreeMember part) {
        List<TreeMember> there = rooted();
        Site.Distance distance = Ground.of(top).to(part.site);
        TreeMember parent = there.stream()
                .filter(member -> member.site.to(part.site) == distance)
                .filter(member -> member.hasPlaceFor(part.site, limits))
                .min(Comparator.comparingInt(TreeMember::depth)
                        .thenComparing(member -> member.below.size())
                        .thenComparing(RelayTree::name))
                .orElseThrow(() -> new IllegalStateException("no place for " + part.site + " among " + there.size()));
        part.above = parent;
        parent.below.add(part);
        Link link = linkAbove(part);
        if (!closed.remove(link)) {
            opened.add(link);
        }
    }

    private void detach(TreeMember part) {
        if (part.above == null) {
            return;
        }
        Link link = linkAbove(part);
        if (!opened.remove(link)) {
            closed.add(link);
        }
        part.above.below.remove(part);
        part.above = null;
    }

    // Keeping the limits.

    private void mend() {
        if (top == null) {
            return;
        }
        for (TreeMember member : rooted()) {
            for (Optional<TreeMember> excess = member.excess(limits);
                    excess.isPresent();
                    excess = member.excess(limits)) {
                detach(excess.get());
                attach(excess.get());
            }
        }
        while (top.height() > limits.depth() && raiseTheDeepest()) {
            // Each turn brings a part nearer to the top, so there is an end.
        }
    }

    /**
     * Moves one part up of those that the deepest shard hangs on: the smallest whose move is enough, or that which
     * gains most. @return false when none would gain
     */
    private boolean raiseTheDeepest() {
        TreeMember deepest = rooted().stream()
                .max(Comparator.comparingInt(TreeMember::depth))
                .orElseThrow();
        int tooDeep = deepest.depth() - limits.depth();
        TreeMember best = null;
        int most = 0;
        for (TreeMember part = deepest; part.above != null && most < tooDeep; part = part.above) {
            int gain = part.depth() - bestDepth(part);
            if (gain > most) {
                best = part;
                most = gain;
            }
        }
        if (best == null) {
            return false;
        }
        detach(best);
        attach(best);
        return true;
    }

    /** How deep a part would be if it were put in anew. */
    private int bestDepth(TreeMember part) {
        TreeMember parent = part.above;
        parent.below.remove(part);
        List<TreeMember> rest = rooted();
        Site.Distance distance = Ground.of(top).to(part.site);
        int depth = rest.stream()
                .filter(member -> member.site.to(part.site) == distance && member.hasPlaceFor(part.site, limits))
                .mapToInt(TreeMember::depth)
                .min()
                .orElseThrow();
        parent.below.add(part);
        return depth + 1;
    }

    private Relinking relinking() {
        Relinking changes = new Relinking(opened, closed);
        opened.clear();
        closed.clear();
        return changes;
    }

    private static Link linkAbove(TreeMember member) {
        return Link.between(name(member), name(member.above));
    }

    private static ShardId name(TreeMember member) {
        return member.site.shard();
    }

    /** The largest part first. */
    private static Comparator<TreeMember> bySize() {
        return Comparator.comparingInt(TreeMember::size).reversed().thenComparing(RelayTree::name);
    }
}
