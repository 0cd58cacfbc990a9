/**
 * One event loop and all that it owns: its UDP ports, its clock and timer, the rooms whose owner it is, and the branches
 * of rooms whose people sit here.
 */
package dev.weir.shard;
