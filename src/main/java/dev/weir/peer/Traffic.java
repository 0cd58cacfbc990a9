package dev.weir.peer;

/**
 * What passed through a peer, ever. Plain figures of the loop's own, read when someone asks.
 *
 * @param lostIn packets that a publisher's streams miss
 * @param lostOut packets that the viewer's reports call lost
 * @param nacksOut asked of the publisher, by packet
 * @param pacedOut packets that had to wait for the pace of the viewer's path
 * @param pacedSecondsOut how long those waited in all that have left
 * @param rttSeconds as the viewer's reports tell
 * @param estimateBps what the path to the viewer carries; 0: nothing is known of it
 */
public record Traffic(
        long audioPacketsIn,
        long videoPacketsIn,
        long audioBytesIn,
        long videoBytesIn,
        long audioPacketsOut,
        long videoPacketsOut,
        long audioBytesOut,
        long videoBytesOut,
        long resentOut,
        long lostIn,
        long lostOut,
        long nacksIn,
        long nacksOut,
        long plisIn,
        long plisOut,
        long pacedOut,
        double pacedSecondsOut,
        double rttSeconds,
        double jitterSeconds,
        long estimateBps) {

    public static final Traffic NONE = new Traffic(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    /** Counts added up; of round trips, jitter and estimates the worse. */
    public Traffic plus(Traffic other) {
        return new Traffic(
                audioPacketsIn + other.audioPacketsIn,
                videoPacketsIn + other.videoPacketsIn,
                audioBytesIn + other.audioBytesIn,
                videoBytesIn + other.videoBytesIn,
                audioPacketsOut + other.audioPacketsOut,
                videoPacketsOut + other.videoPacketsOut,
                audioBytesOut + other.audioBytesOut,
                videoBytesOut + other.videoBytesOut,
                resentOut + other.resentOut,
                lostIn + other.lostIn,
                lostOut + other.lostOut,
                nacksIn + other.nacksIn,
                nacksOut + other.nacksOut,
                plisIn + other.plisIn,
                plisOut + other.plisOut,
                pacedOut + other.pacedOut,
                pacedSecondsOut + other.pacedSecondsOut,
                Math.max(rttSeconds, other.rttSeconds),
                Math.max(jitterSeconds, other.jitterSeconds),
                lesser(estimateBps, other.estimateBps));
    }

    private static long lesser(long first, long second) {
        return first == 0 || second == 0 ? Math.max(first, second) : Math.min(first, second);
    }

    static Traffic of(Ingress in, Egress out) {
        long[] lost = new long[1];
        double[] jitter = new double[1];
        in.forEachStream(stream -> {
            lost[0] += stream.lost();
            jitter[0] = Math.max(jitter[0], stream.jitterSeconds());
        });
        return new Traffic(
                in.audioPackets,
                in.videoPackets,
                in.audioBytes,
                in.videoBytes,
                out.audioPackets,
                out.videoPackets,
                out.audioBytes,
                out.videoBytes,
                out.resentPackets,
                lost[0],
                out.lostPackets(),
                out.nacks,
                in.nackedPackets,
                out.plis,
                in.plis,
                out.outbox().waitedPackets,
                out.outbox().waitedNanos / 1e9,
                out.rttNanos() / 1e9,
                jitter[0],
                out.estimator().measured() ? out.estimator().estimateBps() : 0);
    }
}
