/**
 * Session descriptions (RFC 8866, RFC 8829, RFC 9429): parses a browser's offer, negotiates it into a small record that
 * shards understand, and writes the answer. Text stays in {@code web}; only the records travel.
 */
package dev.weir.sdp;
