package dev.weir.web;

import dev.weir.cluster.Bus;
import io.vertx.core.Vertx;

/** What all sockets of a verticle share. */
record SocketParts(
        Vertx vertx, Bus bus, RoomEntry roomEntry, IceServers iceServers, WebMetrics metrics, SocketLimits limits) {}
