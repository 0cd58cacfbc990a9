package dev.weir.signal;

/** The codes of errors, one list for WebSocket and HTTP (PROTOCOL sections 2 and 4), with the HTTP status of each. */
public enum ErrorCode {
    BAD_REQUEST("badRequest", 400),
    UNAUTHORIZED("unauthorized", 401),
    FORBIDDEN("forbidden", 403),
    NOT_FOUND("notFound", 404),
    CONFLICT("conflict", 409),
    ROOM_FULL("roomFull", 409),
    RATE_LIMITED("rateLimited", 429),
    NOT_IMPLEMENTED("notImplemented", 501),
    ROOM_LIMIT("roomLimit", 503),
    UNAVAILABLE("unavailable", 503);

    private final String word;
    private final int status;

    ErrorCode(String word, int status) {
        this.word = word;
        this.status = status;
    }

    public String word() {
        return word;
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }
}
