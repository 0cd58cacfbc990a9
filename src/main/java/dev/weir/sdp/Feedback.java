package dev.weir.sdp;

/** The RTCP feedback that Weir gives and understands (RFC 4585, RFC 5104); others in an offer are not kept. */
enum Feedback {
    GOOG_REMB("goog-remb"),
    TRANSPORT_CC("transport-cc"),
    CCM_FIR("ccm fir"),
    NACK("nack"),
    NACK_PLI("nack pli");

    private final String text;

    Feedback(String text) {
        this.text = text;
    }

    /** The feedback of that value of a=rtcp-fb, or null if it is another. */
    static Feedback of(String text) {
        for (Feedback feedback : values()) {
            if (feedback.text.equals(text)) {
                return feedback;
            }
        }
        return null;
    }

    String text() {
        return text;
    }
}
