package dev.weir.load;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** What a run found out, as a table for people and as JSON. */
public final class LoadResult {
    /** Above this share of a core a loop of ours is what limits the run. */
    static final double SATURATED = 0.9;

    private final LoadPlan plan;
    private final JoinResult joins;
    private final Tally tally;
    private final double seconds;
    private final ServerShare server;
    private final double ownCores;
    private final double busiestLoop;
    private final int keyframes;
    private final int skippedFrames;

    private LoadResult(LoadPlan plan, JoinResult joins, Tally tally, Reading begin, Reading end, int[] frames) {
        this.plan = plan;
        this.joins = joins;
        this.tally = tally;
        this.seconds = end.secondsSince(begin);
        this.server = ServerShare.of(begin, end, tally);
        this.ownCores = end.ownCoresSince(begin);
        this.busiestLoop = end.busiestLoopSince(begin);
        this.keyframes = frames[0];
        this.skippedFrames = frames[1];
    }

    static LoadResult of(
            LoadPlan plan, JoinResult joins, Tally tally, Reading begin, Reading end, List<JoinResult.Joined> clients) {
        int keyframes = clients.stream().mapToInt(JoinResult.Joined::keyframes).sum();
        int skipped =
                clients.stream().mapToInt(JoinResult.Joined::skippedFrames).sum();
        return new LoadResult(plan, joins, tally, begin, end, new int[] {keyframes, skipped});
    }

    /** Whether all who were to come are there. */
    public boolean complete() {
        return joins.failures().isEmpty() && joins.connected() == joins.attempted();
    }

    /** Whether the generator itself was too slow for these figures to say much of the server. */
    boolean saturated() {
        return busiestLoop > SATURATED || ownCores > 0.95 * Runtime.getRuntime().availableProcessors();
    }

    double lossPercent() {
        return tally.expected == 0 ? 0 : 100.0 * tally.lost / tally.expected;
    }

    public String json() {
        ObjectNode root = Json.object();
        writePlan(root.putObject("load"));
        joins.write(root.putObject("joins"));
        writeSteady(root.putObject("steady"));
        server.write(root.putObject("server"));
        root.putObject("generator")
                .put("cpuCores", rounded(ownCores))
                .put("busiestLoop", rounded(busiestLoop))
                .put("skippedFrames", skippedFrames)
                .put("saturated", saturated());
        return Json.pretty(root);
    }

    private void writePlan(ObjectNode out) {
        LoadPlan.People people = plan.people();
        out.put("rooms", people.rooms())
                .put("participants", people.participants())
                .put("publishers", people.publishers())
                .put("viewers", people.viewers())
                .put("tiles", plan.media().tiles())
                .put("audio", plan.media().audio())
                .put("verifyOneOf", plan.course().verifyOneOf())
                .put("delayMs", plan.weather().delayMs())
                .put("jitterMs", plan.weather().jitterMs())
                .put("lossIn", plan.weather().lossIn())
                .put("lossOut", plan.weather().lossOut());
        out.putArray("layers")
                .addAll(plan.media().layers().stream()
                        .map(layer -> (com.fasterxml.jackson.databind.JsonNode) Json.object()
                                .put("rid", layer.rid())
                                .put("bitrateBps", layer.bitrateBps())
                                .put("framesPerSecond", layer.framesPerSecond()))
                        .toList());
    }

    private void writeSteady(ObjectNode out) {
        out.put("seconds", rounded(seconds))
                .put("packetsIn", tally.packetsIn)
                .put("packetsOut", tally.packetsOut)
                .put("egressMbps", mbps(tally.bytesIn))
                .put("ingressMbps", mbps(tally.bytesOut))
                .put("receivers", tally.receivers)
                .put("served", tally.served)
                .put("expected", tally.expected)
                .put("lost", tally.lost)
                .put("lossPercent", rounded(lossPercent()))
                .put("recovered", tally.recovered)
                .put("nacked", tally.nacked)
                .put("repeated", tally.repeated)
                .put("verified", tally.verified)
                .put("forged", tally.forged)
                .put("strangers", tally.strangers)
                .put("resent", tally.resent)
                .put("resendsUnknown", tally.resendsUnknown)
                .put("plisSent", tally.plisSent)
                .put("plisReceived", tally.plisReceived)
                .put("keyframes", keyframes)
                .put("feedbacksReceived", tally.feedbacks)
                .put("viewChanges", tally.viewChanges)
                .put("replaced", tally.replaced)
                .put("droppedByGenerator", tally.droppedByUs)
                .put("refusedBySocket", tally.refusedBySocket);
        JoinResult.writeMs(out.putObject("delayMs"), tally.delay);
    }

    public String table() {
        StringBuilder text = new StringBuilder();
        row(text, "joins", "%d of %d connected, %.0f/s", joins.connected(), joins.attempted(), joins.perSecond());
        joins.failures().forEach((reason, count) -> row(text, "  failed", "%d: %s", count, reason));
        if (joins.putOff() > 0) {
            row(text, "put off", "%d clients, %d times: told when to come back", joins.putOff(), joins.putOffs());
        }
        row(text, "connected after", "%s ms", percentiles(joins.connect()));
        row(
                text,
                "first media after",
                "%s ms (%d clients)",
                percentiles(joins.firstMedia()),
                joins.firstMedia().getTotalCount());
        joins.serverCpuPerJoinMs()
                .ifPresent(ms -> row(text, "server CPU per join", "%.2f ms (media until then included)", ms));
        joins.words().row(text);
        row(text, "measured for", "%.1f s", seconds);
        row(text, "received", "%d packets, %.1f Mbit/s", tally.packetsIn, mbps(tally.bytesIn));
        row(text, "served", "%d of %d receivers got media", tally.served, tally.receivers);
        row(text, "sent", "%d packets, %.1f Mbit/s", tally.packetsOut, mbps(tally.bytesOut));
        row(
                text,
                "lost",
                "%d of %d (%.4f %%), %d recovered by RTX of %d asked for",
                tally.lost,
                tally.expected,
                lossPercent(),
                tally.recovered,
                tally.nacked);
        row(text, "added delay", "%s ms, sender's stamp to receiver's read", percentiles(tally.delay));
        server.rows(text);
        row(
                text,
                "generator",
                "%.2f cores, busiest loop %.0f %%%s",
                ownCores,
                100 * busiestLoop,
                saturated() ? ": SATURATED, its figures say more of it than of the server" : "");
        return text.toString();
    }

    static void row(StringBuilder text, String name, String format, Object... values) {
        text.append(String.format(Locale.ROOT, "%-22s", name))
                .append(String.format(Locale.ROOT, format, values))
                .append(System.lineSeparator());
    }

    private static String percentiles(org.HdrHistogram.Histogram nanos) {
        return String.format(
                Locale.ROOT,
                "p50 %.2f, p95 %.2f, p99 %.2f",
                JoinResult.ms(nanos, 50),
                JoinResult.ms(nanos, 95),
                JoinResult.ms(nanos, 99));
    }

    private double mbps(long bytes) {
        return rounded(bytes * 8 / seconds / 1e6);
    }

    /** Four digits behind the point are more than any of these figures is good for. */
    static double rounded(double value) {
        return Math.round(value * 1e4) / 1e4;
    }

    static void put(ObjectNode out, String name, OptionalDouble value) {
        value.ifPresentOrElse(it -> out.put(name, rounded(it)), () -> out.putNull(name));
    }
}
