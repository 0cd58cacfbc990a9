package dev.weir.relay;

import java.util.HashSet;
import java.util.Set;

/** The nodes and regions that a part of a tree reaches. */
final class Ground {
    private final Set<String> nodes = new HashSet<>();
    private final Set<String> regions = new HashSet<>();

    static Ground of(TreeMember part) {
        Ground ground = new Ground();
        ground.add(part);
        return ground;
    }

    void add(TreeMember part) {
        part.forEach(member -> {
            nodes.add(member.site.shard().node());
            regions.add(member.site.region());
        });
    }

    /** How near the nearest member is to a site. */
    Site.Distance to(Site site) {
        if (nodes.contains(site.shard().node())) {
            return Site.Distance.WITHIN_NODE;
        }
        return regions.contains(site.region()) ? Site.Distance.WITHIN_REGION : Site.Distance.ABROAD;
    }
}
