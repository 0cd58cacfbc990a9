package dev.weir.cluster;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is wrong with others' words: each thing is logged once, however often it comes. Safe from any thread. */
final class Complaints {
    /** Beyond this nobody learns anything from more. */
    private static final int MAX = 100;

    private static final Logger LOG = LoggerFactory.getLogger(Complaints.class);

    private final Set<String> known = ConcurrentHashMap.newKeySet();

    void about(String where, String what) {
        if (known.size() < MAX && known.add(what)) {
            LOG.warn("dropped what another node sent to {}: {}; said once", where, what);
        }
    }
}
