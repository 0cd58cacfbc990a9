package dev.weir.ice;

/** Why a STUN datagram came to nothing. Those that name a code were answered with it, unless that answer was too long. */
public enum IceDrop {
    /** Not STUN at all: too short, wrong first byte or no magic cookie. */
    NOT_STUN,
    /** A STUN header, but lengths or attributes that do not fit it, or more attributes than the limit. */
    MALFORMED,
    /** An indication, a response, or a method other than Binding. */
    NOT_A_REQUEST,
    /** A response, but not an authentic one to a check that is under way. */
    UNKNOWN_TRANSACTION,
    /** No FINGERPRINT, which RFC 8445 section 7.1 demands. */
    NO_FINGERPRINT,
    /** A FINGERPRINT that does not fit the bytes. */
    BAD_FINGERPRINT,
    /** No USERNAME or no MESSAGE-INTEGRITY: 400 (RFC 8489 section 9.1.3). */
    NO_CREDENTIALS,
    /** A USERNAME that is not this connection's: 401. */
    UNKNOWN_USERNAME,
    /** A MESSAGE-INTEGRITY made with another password: 401. */
    BAD_INTEGRITY,
    /** Attributes that must be understood and are not: 420. */
    UNKNOWN_ATTRIBUTES,
    /** The other side thinks it is the controlled one: 487 (RFC 8445 section 7.3.1.1). */
    ROLE_CONFLICT,
    /** The answer would be longer than the question: nothing is sent, so that nobody is flooded through us. */
    ANSWER_TOO_LONG,
    /** The other side answered a check with an error. */
    REFUSED
}
