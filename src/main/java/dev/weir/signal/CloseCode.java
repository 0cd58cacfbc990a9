package dev.weir.signal;

/** WebSocket close codes of PROTOCOL section 4. */
public enum CloseCode {
    LEFT(1000),
    GOING_AWAY(1001),
    ROOM_ENDED(4000),
    REPLACED(4001),
    REMOVED(4003),
    TOO_SLOW(4008),
    TOKEN_EXPIRED(4010);

    private final int code;

    CloseCode(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }
}
