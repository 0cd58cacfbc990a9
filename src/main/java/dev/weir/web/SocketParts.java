package dev.weir.web;

import dev.weir.cluster.Bus;
import dev.weir.cluster.Desk;
import io.vertx.core.Vertx;

/** What all sockets of a verticle share. */
record SocketParts(
        Vertx vertx,
        Backend backend,
        Desk desk,
        RoomEntry roomEntry,
        IceServers iceServers,
        SharedTexts texts,
        WebMetrics metrics,
        SocketLimits limits) {
    Bus bus() {
        return backend.bus();
    }
}
