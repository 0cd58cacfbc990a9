package dev.weir.shard;

import io.netty.channel.Channel;
import io.netty.channel.epoll.EpollDatagramChannel;
import java.net.InetSocketAddress;
import java.util.LinkedHashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether runs leave one socket in one piece (UDP GSO) or packet by packet. Where the kernel has no GSO, never in one
 * piece; where a device on the way to some destination refuses it (EIO, EINVAL), not to that one. Which it was, Netty does
 * not say of a failed write: so after a failure sends are watched for a second, each with a promise of its own.
 */
final class Segmentation {
    private static final Logger LOG = LoggerFactory.getLogger(Segmentation.class);
    private static final long WATCH_NANOS = 1_000_000_000L;

    /** Destinations without it that are remembered; who is forgotten for another loses one run more. */
    static final int MAX_REFUSING = 1_000;

    private final boolean supported;
    private final Set<InetSocketAddress> refusing = new LinkedHashSet<>();
    private boolean told;
    private boolean watched;
    private long watchedSince;

    Segmentation(Channel channel, boolean wanted) {
        supported = wanted
                && channel instanceof EpollDatagramChannel
                && EpollDatagramChannel.isSegmentedDatagramPacketSupported();
    }

    boolean supported() {
        return supported;
    }

    /** Whether a run to there may leave in one piece. */
    boolean servesTo(InetSocketAddress to) {
        return supported && (refusing.isEmpty() || !refusing.contains(to));
    }

    /** Whether the next sends are to be watched, since one has just failed. The time is asked only after a failure. */
    boolean watches() {
        if (watched && System.nanoTime() - watchedSince > WATCH_NANOS) {
            watched = false;
        }
        return watched;
    }

    /** A write failed, of whichever packet. */
    void onFailure(Throwable cause) {
        if (supported && isRefusal(cause)) {
            watched = true;
            watchedSince = System.nanoTime();
        }
    }

    /** A run to there failed. */
    void onFailure(InetSocketAddress to, Throwable cause) {
        if (!isRefusal(cause) || !refusing.add(to)) {
            return;
        }
        if (refusing.size() > MAX_REFUSING) {
            refusing.remove(refusing.iterator().next());
        }
        if (told) {
            LOG.debug("runs to {} leave packet by packet too: {}", to, cause.getMessage());
        } else {
            told = true;
            LOG.warn(
                    "runs to {} leave packet by packet from now on, and so to others whose path takes none in one"
                            + " piece: {}",
                    to,
                    cause.getMessage());
        }
    }

    /** What the kernel answers where the path's MTU is too small for a segment, or the device cannot cut. */
    private static boolean isRefusal(Throwable cause) {
        String message = String.valueOf(cause.getMessage());
        return message.contains("Invalid argument")
                || message.contains("Input/output error")
                || message.contains("Message too long");
    }
}
