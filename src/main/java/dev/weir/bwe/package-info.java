/** Bandwidth estimation: what a receiver tells a sender about arrivals, and what a sender concludes from it. */
package dev.weir.bwe;
