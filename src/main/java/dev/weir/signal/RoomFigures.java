package dev.weir.signal;

import java.util.ArrayList;
import java.util.List;

/**
 * What passes through one branch of a room.
 *
 * @param ingressBps over the last seconds, as is egress
 * @param packetsIn since the branch was opened, as is out
 */
public record RoomFigures(double ingressBps, double egressBps, long packetsIn, long packetsOut, List<Person> people) {
    public static final RoomFigures NONE = new RoomFigures(0, 0, 0, 0, List.of());

    public RoomFigures {
        people = List.copyOf(people);
    }

    /**
     * One participant's connection.
     *
     * @param rttMs as his reports tell; 0 unknown
     * @param jitterMs the worst of what he sends
     * @param lossIn share of the packets from him that did not arrive over the last seconds, 0 to 1
     * @param lossOut the same of those to him, as his reports tell
     * @param nacks packets asked for again, by him and of him
     * @param plis keyframes asked for, by him and of him
     * @param estimateBps what the path to him carries; negative: not known yet
     * @param layers what his full slots get
     */
    public record Person(
            String participantId,
            double rttMs,
            double jitterMs,
            double lossIn,
            double lossOut,
            long nacks,
            long plis,
            long estimateBps,
            List<Layer> layers) {
        public Person {
            layers = List.copyOf(layers);
        }
    }

    /** @param layer null: nothing is sent now */
    public record Layer(String mid, String trackId, String layer) {}

    public RoomFigures plus(RoomFigures other) {
        List<Person> all = new ArrayList<>(people);
        all.addAll(other.people);
        return new RoomFigures(
                ingressBps + other.ingressBps,
                egressBps + other.egressBps,
                packetsIn + other.packetsIn,
                packetsOut + other.packetsOut,
                all);
    }
}
