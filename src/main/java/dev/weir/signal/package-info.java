/**
 * The words of a conversation: what clients ask, what they are told (PROTOCOL section 4), and the messages between the
 * signaling verticles, a room and its branches. Immutable records only; their JSON is {@code web}'s.
 */
package dev.weir.signal;
