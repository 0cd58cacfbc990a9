/** The control machine of a meeting, at its one owner: who is in, with which rights, and the order of events. */
package dev.weir.room;
