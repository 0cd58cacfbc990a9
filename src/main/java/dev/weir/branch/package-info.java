/**
 * What a shard holds of a room: its sessions with their peers, the tracks published here, who sees and hears what, and
 * a replica of the roster, kept by the room's updates.
 */
package dev.weir.branch;
