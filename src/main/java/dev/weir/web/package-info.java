/**
 * Weir's outer face: HTTP, WebSocket and the page's files (PROTOCOL sections 1 to 4). Stateless but for its sockets:
 * translates between JSON or session descriptions and the records of {@code signal}, and asks shards over the bus.
 */
package dev.weir.web;
