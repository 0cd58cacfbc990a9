/** How tracks of a room reach its other shards: which shards are linked with which. */
package dev.weir.relay;
