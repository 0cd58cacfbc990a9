/**
 * The load generator: publishers and viewers without a browser, many on one event loop, who join a server by its
 * WebSocket or by WHIP and WHEP and count what they get. A shell package of its own, which no server loads.
 */
package dev.weir.load;
