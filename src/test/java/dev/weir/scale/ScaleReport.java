package dev.weir.scale;

import java.util.Comparator;
import java.util.DoubleSummaryStatistics;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;

/** Plays a plan through and writes down what came of it. */
final class ScaleReport {
    final Audience audience;
    Traffic traffic;
    private final StringBuilder text = new StringBuilder();

    private ScaleReport(Plan plan) {
        audience = new Audience(plan);
    }

    static ScaleReport of(Plan plan) {
        ScaleReport report = new ScaleReport(plan);
        report.play(plan);
        return report;
    }

    /** Only the storm, on so few nodes that it is too much for them. */
    static ScaleReport ofStorm(Plan plan) {
        ScaleReport report = new ScaleReport(plan);
        report.storm(plan.regions().getLast(), plan.viewers(), Timeline.SECOND / 2);
        return report;
    }

    @Override
    public String toString() {
        return text.toString();
    }

    private void play(Plan plan) {
        row(
                "plan",
                "%d viewers, %d nodes of %d loops in %d regions, %.0f joins/s at the peak, seed %d",
                plan.viewers(),
                plan.nodes(),
                plan.loopsPerNode(),
                plan.regions().size(),
                plan.joinsPerSecond(),
                plan.seed());
        audience.fill();
        row("all in after", "%.0f s", audience.time.now() / 1e9 - 10);
        joins();
        traffic = Traffic.of(audience);
        people(plan);
        tree();
        links();
        int lost = (int) Math.round(plan.nodes() * plan.lost());
        loss("loss of " + lost + " nodes", audience.anyNodes(lost, false));
        loss("loss of " + lost + " with the origin", audience.anyNodes(lost, true));
        traffic = Traffic.of(audience);
        storm(plan.regions().getLast(), plan.viewers() / 5, 2 * Timeline.SECOND);
        row(
                "in the end",
                "%d shards in the tree, at most %d links from the stream",
                audience.overlay.tree.shards().size(),
                mostHops());
    }

    private void joins() {
        row("wait for a turn", "%s, at most %d in one queue", audience.waits, audience.mostQueued);
        row("first media after", "%s", audience.firstMedia);
        row("told to come back", "%d times; found no node with room: %d times", audience.refused, audience.noPlace);
    }

    private void people(Plan plan) {
        IntSummaryStatistics byNode = audience.nodes.values().stream()
                .mapToInt(node -> node.shards.stream()
                        .mapToInt(shard -> shard.people.size())
                        .sum())
                .summaryStatistics();
        row("people per node", "%d to %d, mean %.0f", byNode.getMin(), byNode.getMax(), byNode.getAverage());
        DoubleSummaryStatistics busy = shards().stream()
                .filter(shard -> !shard.people.isEmpty())
                .mapToDouble(shard -> shard.busy(plan.costs()))
                .summaryStatistics();
        row(
                "loops with viewers",
                "%d, busy %.0f %% on average, the busiest %.0f %%",
                busy.getCount(),
                100 * busy.getAverage(),
                100 * busy.getMax());
        DoubleSummaryStatistics egress =
                audience.nodes.values().stream().mapToDouble(SimNode::egressBps).summaryStatistics();
        row(
                "sent by a node",
                "%.2f Gbit/s on average, at most %.2f; all together %.0f Gbit/s",
                egress.getAverage() / 1e9,
                egress.getMax() / 1e9,
                egress.getSum() / 1e9);
    }

    private void tree() {
        Map<Integer, Long> byHops = new TreeMap<>(
                traffic.hops.values().stream().collect(Collectors.groupingBy(hops -> hops, Collectors.counting())));
        row("tree", "%d shards; by links from the stream: %s", traffic.hops.size(), byHops);
        Map<SimShard, Long> fed = traffic.flows.stream()
                .filter(flow -> !flow.isWithinNode())
                .collect(Collectors.groupingBy(Traffic.Flow::from, Collectors.counting()));
        row(
                "fan-out",
                "%d shards feed other nodes, at most %d each",
                fed.size(),
                fed.values().stream().mapToLong(Long::longValue).max().orElse(0));
        double[] delays = traffic.delays.entrySet().stream()
                .flatMapToDouble(entry -> DoubleStream.generate(() -> entry.getValue() / 1e6)
                        .limit(entry.getKey().people.size()))
                .sorted()
                .toArray();
        row(
                "way through the tree",
                "p50 %.0f, p99 %.0f, worst %.0f ms of network",
                delays[delays.length / 2],
                delays[delays.length * 99 / 100],
                delays[delays.length - 1]);
    }

    private void links() {
        flows(
                "links within nodes",
                traffic.flows.stream().filter(Traffic.Flow::isWithinNode).toList());
        flows(
                "links within regions",
                traffic.flows.stream()
                        .filter(flow -> !flow.isWithinNode() && flow.isWithinRegion())
                        .toList());
        List<Traffic.Flow> abroad =
                traffic.flows.stream().filter(flow -> !flow.isWithinRegion()).toList();
        flows("links between regions", abroad);
        abroad.stream()
                .sorted(Comparator.comparing(flow -> flow.to().node.region))
                .forEach(flow -> row(
                        "", "%s -> %s: %.2f Mbit/s", flow.from().node.region, flow.to().node.region, flow.bps() / 1e6));
        double direct = shards().stream()
                .filter(shard -> !shard.node.region.equals(audience.overlay.source().node.region))
                .mapToDouble(SimShard::viewerBps)
                .sum();
        row("without relays", "%.0f Gbit/s would leave the stream's region", direct / 1e9);
    }

    private void flows(String name, List<Traffic.Flow> flows) {
        row(
                name,
                "%d, together %.1f Mbit/s, each at most %.2f Mbit/s and %.0f packets/s",
                flows.size(),
                flows.stream().mapToDouble(Traffic.Flow::bps).sum() / 1e6,
                flows.stream().mapToDouble(Traffic.Flow::bps).max().orElse(0) / 1e6,
                flows.stream().mapToDouble(Traffic.Flow::packetsPerSecond).max().orElse(0));
    }

    private void loss(String name, List<SimNode> lost) {
        audience.backAgain.clear();
        audience.cutOff.clear();
        audience.waits.clear();
        audience.overlay.linksOpened.clear();
        long refusedBefore = audience.refused;
        int people = audience.lose(lost);
        audience.time.runUntil(audience.time.now() + 30 * Timeline.SECOND);
        row(name, "%d people sat there; media again after %s", people, audience.backAgain);
        row("  within 3 s", "%.1f %% of them", audience.backAgain.percentWithin(3 * Timeline.SECOND));
        row("  cut off", "others had no media for %s", audience.cutOff);
        row(
                "  healing",
                "%d links opened, each up after %s",
                audience.overlay.linksOpened.count(),
                audience.overlay.linksOpened);
        row("  wait for a turn", "%s, told to come back %d times", audience.waits, audience.refused - refusedBefore);
        row("  without media", "%d of %d after 30 s", withoutMedia(), audience.viewers.size());
    }

    private void storm(Plan.Region region, int people, long withinNanos) {
        audience.firstMedia.clear();
        audience.waits.clear();
        audience.mostQueued = 0;
        long refusedBefore = audience.refused;
        SimNode addressed = audience.nodes.values().stream()
                .filter(node -> node.alive && node.region.equals(region.name()))
                .findFirst()
                .orElseThrow();
        audience.storm(addressed, people, withinNanos);
        row(
                "storm",
                "%d people within %.1f s, all at one node of the %d of %s",
                people,
                withinNanos / 1e9,
                region.nodes(),
                region.name());
        row("  wait for a turn", "%s, at most %d in one queue", audience.waits, audience.mostQueued);
        row("  told to come back", "%d times", audience.refused - refusedBefore);
        row("  first media after", "%s", audience.firstMedia);
        row("  without media", "%d of %d", withoutMedia(), audience.viewers.size());
    }

    long withoutMedia() {
        return audience.viewers.stream()
                .filter(viewer -> !viewer.watching || !viewer.shard.fed)
                .count();
    }

    int mostHops() {
        return traffic.hops.values().stream().mapToInt(Integer::intValue).max().orElse(0);
    }

    private List<SimShard> shards() {
        return audience.nodes.values().stream()
                .flatMap(node -> node.shards.stream())
                .toList();
    }

    private void row(String name, String format, Object... values) {
        text.append(String.format(Locale.ROOT, "%-27s", name))
                .append(String.format(Locale.ROOT, format, values))
                .append('\n');
    }
}
