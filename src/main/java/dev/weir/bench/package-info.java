/**
 * {@code weir bench}: scenarios of the load generator against a server of their own, each in its own process and on its
 * own cores, and the table of what they cost. A shell package of its own, which no server loads.
 */
package dev.weir.bench;
