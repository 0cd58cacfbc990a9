package dev.weir.web;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weir.web.Replies.Reply;
import java.util.ArrayList;
import java.util.List;

/** A WHIP or WHEP client's HTTP, without its media. */
final class MediaClient {
    static final String PUBLISHES = OfferText.of("audio sendonly", "video sendonly");
    static final String PLAYS = OfferText.of("audio recvonly", "video recvonly");
    /** The credentials that these offers have, and others. */
    static final String SAME_ICE = "a=ice-ufrag:them\r\na=ice-pwd:0123456789012345678901\r\n";

    static final String NEW_ICE = "a=ice-ufrag:they\r\na=ice-pwd:abcdefghijabcdefghijab\r\n";

    private static final String SDP = "Content-Type: application/sdp";
    private static final String FRAGMENT = "Content-Type: application/trickle-ice-sdpfrag";

    private final Replies http;
    private final String[] headers;

    /** @param headers of all calls */
    MediaClient(Replies http, String... headers) {
        this.http = http;
        this.headers = headers;
    }

    /** @param path {@code /whip/lab} or the like */
    Reply post(String path, String offer, String... more) throws Exception {
        return http.send("POST", path, offer, with(SDP, more));
    }

    Session open(String path, String offer) throws Exception {
        Reply reply = post(path, offer);
        assertEquals(201, reply.status(), reply::body);
        return new Session(reply);
    }

    Reply patch(String location, String fragment, String... more) throws Exception {
        return http.send("PATCH", location, fragment, with(FRAGMENT, more));
    }

    Reply delete(String location) throws Exception {
        return http.send("DELETE", location, "", headers);
    }

    private String[] with(String type, String... more) {
        List<String> all = new ArrayList<>(List.of(headers));
        all.addAll(List.of(more));
        if (all.stream().noneMatch(header -> header.startsWith("Content-Type:"))) {
            all.add(type);
        }
        return all.toArray(String[]::new);
    }

    /** What a POST made. */
    final class Session {
        final Reply reply;
        final String location;
        final String etag;
        final String participantId;

        private Session(Reply reply) {
            this.reply = reply;
            this.location = reply.headers().get("location");
            this.etag = reply.headers().get("etag");
            this.participantId = reply.headers().get("weir-participant");
        }

        Reply patch(String fragment, String condition) throws Exception {
            return MediaClient.this.patch(location, fragment, "If-Match: " + condition);
        }

        int delete() throws Exception {
            return MediaClient.this.delete(location).status();
        }
    }
}
