package dev.weir;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class RedactingEncoderTest {
    @Test
    void noTokenLeavesInALine() {
        assertEquals(
                "GET /ws/a?access_token=…&x=1 HTTP/1.1",
                RedactingEncoder.redact("GET /ws/a?access_token=abc.d&x=1 HTTP/1.1"));
        assertEquals("bearer.…, weir", RedactingEncoder.redact("bearer.eyJhbGciOiJI.eyJzdWIi.D-_8, weir"));
        assertEquals("{\"m\":\"?access_token=…\"}", RedactingEncoder.redact("{\"m\":\"?access_token=abc\"}"));
        assertEquals("nothing to hide", RedactingEncoder.redact("nothing to hide"));
    }
}
