package dev.weir.web;

import dev.weir.signal.Identity;
import java.time.Instant;
import java.util.Optional;

/**
 * What was settled before a socket was opened.
 *
 * @param expiry of the token; empty in open mode
 * @param ownUrl under which the client reaches this server; empty when its proxy garbles it
 */
record Admission(String room, Identity identity, Optional<Instant> expiry, Optional<String> ownUrl) {}
