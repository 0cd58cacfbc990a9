package dev.weir.web;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The STUN and TURN servers that clients are told of. Where we share a secret with a TURN server, each session gets
 * credentials of its own that expire (draft-uberti-behave-turn-rest-00, which coturn implements).
 */
final class IceServers {
    private final List<WebConfig.IceServer> servers;
    private final Clock clock;

    IceServers(List<WebConfig.IceServer> servers, Clock clock) {
        this.servers = servers;
        this.clock = clock;
    }

    /** As {@code RTCIceServer} dictionaries. */
    ArrayNode forSession(String participantId) {
        ArrayNode list = SignalJson.array();
        for (WebConfig.IceServer server : servers) {
            ObjectNode entry = list.addObject();
            server.urls().forEach(entry.putArray("urls")::add);
            server.username().ifPresent(username -> entry.put("username", username));
            server.credential().ifPresent(credential -> entry.put("credential", credential));
            server.secret().ifPresent(secret -> {
                long expiry = clock.instant().getEpochSecond() + server.ttlSeconds();
                String username = expiry + ":" + participantId;
                entry.put("username", username).put("credential", credential(secret, username));
            });
        }
        return list;
    }

    /** SHA-1 is what TURN servers expect; within an HMAC it is not broken. */
    private static String credential(String secret, String username) {
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
            return Base64.getEncoder().encodeToString(mac.doFinal(username.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("every JDK has HmacSHA1", missing);
        }
    }
}
