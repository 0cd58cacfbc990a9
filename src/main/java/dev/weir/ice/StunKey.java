package dev.weir.ice;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A short-term password, ready to make MESSAGE-INTEGRITY (RFC 8489 section 14.5). Owned by one machine. */
final class StunKey {
    private final Mac mac;

    StunKey(String password) {
        try {
            mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(password.getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA1", e);
        }
    }

    /**
     * The HMAC of a message up to its MESSAGE-INTEGRITY attribute, as if that were the last one: the length in the
     * header counts it and nothing behind it.
     */
    byte[] integrity(ByteBuf buffer, int start, int attributeIndex) {
        int length = attributeIndex - start - StunMessage.HEADER_BYTES + StunMessage.INTEGRITY_ATTRIBUTE_BYTES;
        mac.update(buffer.getByte(start));
        mac.update(buffer.getByte(start + 1));
        mac.update((byte) (length >>> 8));
        mac.update((byte) length);
        mac.update(buffer.nioBuffer(start + 4, attributeIndex - start - 4));
        return mac.doFinal();
    }
}
