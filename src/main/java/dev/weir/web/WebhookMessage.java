package dev.weir.web;

import dev.weir.signal.RoomReport;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A report as it travels: the same id and the same bytes each time that it is sent.
 *
 * @param id by which a receiver knows what it has seen before
 */
record WebhookMessage(String id, String room, byte[] body) {
    private static final String ALGORITHM = "HmacSHA256";

    /** @param start by which epochs of this start of the server differ from those of others */
    static WebhookMessage of(String id, String start, RoomReport report, Instant at) {
        JsonObject body = new JsonObject()
                .put("id", id)
                .put("type", type(report.what()))
                .put("room", report.room())
                .put("session", start + "-" + report.epoch())
                .put("number", report.number())
                .put("at", at.toString());
        switch (report.what()) {
            case RoomReport.Started _, RoomReport.Ended _ -> {}
            case RoomReport.Joined(var participantId, var displayName, var role, var subject) -> {
                body.put("participantId", participantId)
                        .put("displayName", displayName)
                        .put("role", role.word());
                if (!subject.isEmpty()) {
                    body.put("sub", subject);
                }
            }
            case RoomReport.Left(var participantId, var reason) ->
                body.put("participantId", participantId).put("reason", reason.word());
        }
        return new WebhookMessage(id, report.room(), body.encode().getBytes(StandardCharsets.UTF_8));
    }

    private static String type(RoomReport.What what) {
        return switch (what) {
            case RoomReport.Started _ -> "room:started";
            case RoomReport.Ended _ -> "room:ended";
            case RoomReport.Joined _ -> "participant:joined";
            case RoomReport.Left _ -> "participant:left";
        };
    }

    /** {@code t=<seconds>,v1=<hex>}: HMAC-SHA256 of the seconds, a dot and the body, so that neither can be replaced. */
    String signature(byte[] secret, Instant at) {
        String seconds = String.valueOf(at.getEpochSecond());
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret, ALGORITHM));
            mac.update((seconds + ".").getBytes(StandardCharsets.US_ASCII));
            return "t=" + seconds + ",v1=" + HexFormat.of().formatHex(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every JDK has " + ALGORITHM, e);
        }
    }
}
