/**
 * What shards and signaling verticles share across event loops, and later across nodes: the directory of rooms and the
 * bus that carries the records of {@code signal}.
 */
package dev.weir.cluster;
