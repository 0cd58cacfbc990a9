package dev.weir.cluster;

import dev.weir.signal.ToSocket;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sockets of one event loop, behind one address: what is for many of them comes as one message. A socket's id begins
 * with its desk's name. Owned by that loop.
 */
public final class Desk {
    private static final char SEPARATOR = '.';

    private static final Logger LOG = LoggerFactory.getLogger(Desk.class);

    private final String name;
    private final Map<String, Consumer<ToSocket>> sockets = new HashMap<>();
    private long opened;

    Desk(String name) {
        this.name = name;
    }

    /** Takes what sessions send to a new socket from now on. @return the socket's id */
    public String open(Consumer<ToSocket> socket) {
        String socketId = name + SEPARATOR + ++opened;
        sockets.put(socketId, socket);
        return socketId;
    }

    /** What is still on its way to it is dropped. */
    public void close(String socketId) {
        sockets.remove(socketId);
    }

    /** The desk that a socket belongs to; nobody has an empty one. */
    static String of(String socketId) {
        return socketId.substring(0, Math.max(0, socketId.lastIndexOf(SEPARATOR)));
    }

    String name() {
        return name;
    }

    void deliver(ToSocket.Post post) {
        for (ToSocket.Letter letter : post.letters()) {
            Consumer<ToSocket> socket = sockets.get(letter.socketId());
            if (socket != null) {
                hand(letter, socket);
            }
        }
    }

    /** One that stumbles keeps no letter from the others. */
    private static void hand(ToSocket.Letter letter, Consumer<ToSocket> socket) {
        try {
            socket.accept(letter.message());
        } catch (RuntimeException mistake) {
            LOG.error("socket {} could not take {}", letter.socketId(), letter.message(), mistake);
        }
    }
}
