package dev.weir.branch;

import dev.weir.media.Forwarder;
import dev.weir.peer.Traffic;
import dev.weir.signal.RoomFigures;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What passes through a branch, as rates over the last two to four seconds and as counts since it was opened. */
final class Figures {
    static final long SAMPLE_NANOS = 2_000_000_000L;

    /** Two readings of one thing, the older of which is what rates are taken from. */
    private static final class Window {
        Traffic older;
        Traffic newer;
        long olderAt;
        long newerAt;

        Window(long now) {
            older = newer = Traffic.NONE;
            olderAt = newerAt = now;
        }

        void sample(long now, Traffic traffic) {
            older = newer;
            olderAt = newerAt;
            newer = traffic;
            newerAt = now;
        }
    }

    private final Map<String, Window> windows = new HashMap<>();
    /** Of the connections that are closed. */
    private Traffic past = Traffic.NONE;

    private long nextSample;

    /** A connection is closed with this to its account. */
    void closed(String participantId, Traffic traffic) {
        past = past.plus(traffic);
        windows.remove(participantId);
    }

    void onTimeout(long now, Collection<Session> sessions) {
        if (now < nextSample) {
            return;
        }
        nextSample = now + SAMPLE_NANOS;
        for (Session session : sessions) {
            if (session.peer() != null) {
                windowOf(now, session).sample(now, session.peer().traffic());
            }
        }
    }

    RoomFigures read(long now, Collection<Session> sessions) {
        double ingressBps = 0;
        double egressBps = 0;
        Traffic all = past;
        List<RoomFigures.Person> people = new ArrayList<>();
        for (Session session : sessions) {
            if (session.peer() == null) {
                continue;
            }
            Traffic traffic = session.peer().traffic();
            all = all.plus(traffic);
            Window window = windowOf(now, session);
            double seconds = Math.max(1, now - window.olderAt) / 1e9;
            ingressBps += 8 * (bytesIn(traffic) - bytesIn(window.older)) / seconds;
            egressBps += 8 * (bytesOut(traffic) - bytesOut(window.older)) / seconds;
            people.add(person(session, traffic, window.older));
        }
        return new RoomFigures(ingressBps, egressBps, packetsIn(all), packetsOut(all), people);
    }

    private Window windowOf(long now, Session session) {
        return windows.computeIfAbsent(session.participantId(), _ -> new Window(now));
    }

    private static RoomFigures.Person person(Session session, Traffic now, Traffic before) {
        long estimate = session.peer().estimateBps();
        return new RoomFigures.Person(
                session.participantId(),
                now.rttSeconds() * 1e3,
                now.jitterSeconds() * 1e3,
                share(now.lostIn() - before.lostIn(), packetsIn(now) - packetsIn(before), true),
                share(now.lostOut() - before.lostOut(), packetsOut(now) - packetsOut(before), false),
                now.nacksIn() + now.nacksOut(),
                now.plisIn() + now.plisOut(),
                estimate == Long.MAX_VALUE ? -1 : estimate,
                layers(session));
    }

    /** @param beside whether the lost ones are not among the packets counted */
    private static double share(long lost, long packets, boolean beside) {
        long all = beside ? packets + lost : packets;
        return lost <= 0 || all <= 0 ? 0 : Math.min(1, (double) lost / all);
    }

    private static List<RoomFigures.Layer> layers(Session session) {
        List<RoomFigures.Layer> layers = new ArrayList<>();
        for (Forwarder forwarder : session.forwarders()) {
            if (forwarder.track() != null) {
                layers.add(new RoomFigures.Layer(
                        forwarder.stream().mid(),
                        forwarder.track().trackId(),
                        forwarder.paused() ? null : forwarder.shownLayer()));
            }
        }
        return layers;
    }

    private static long bytesIn(Traffic traffic) {
        return traffic.audioBytesIn() + traffic.videoBytesIn();
    }

    private static long bytesOut(Traffic traffic) {
        return traffic.audioBytesOut() + traffic.videoBytesOut();
    }

    private static long packetsIn(Traffic traffic) {
        return traffic.audioPacketsIn() + traffic.videoPacketsIn();
    }

    private static long packetsOut(Traffic traffic) {
        return traffic.audioPacketsOut() + traffic.videoPacketsOut();
    }
}
